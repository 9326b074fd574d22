// SPDX-License-Identifier: MIT
#include "app/store/mailbox/mailbox_job.hpp"

#include <array>
#include <type_traits>

namespace kith::store::mailbox {
namespace {

template <typename T, typename... Kinds>
constexpr bool one_of = (std::is_same_v<T, Kinds> || ...);

constexpr std::size_t overhead = 256;   ///< of a job, its place in the queue, and small answers
constexpr std::size_t slot_work = 512;  ///< a row and its places in three indices
/// An item is overwritten when it goes; most have one block.
constexpr std::size_t removal_work = 32U << 10;

}  // namespace

const char* word_of(Refusal refusal) {
    constexpr std::array<const char*, refusals> words{
        "no_slot",    "slot_full",  "owner_full", "depositor_full", "stranger_full", "open_full",
        "relay_full", "slots_full", "name_taken", "names_full",     "disk",          "overload"};
    return words[static_cast<std::size_t>(refusal)];
}

bool writes(const Job& job) {
    return std::visit(
        [](const auto& one) {
            return !one_of<std::decay_t<decltype(one)>, LoadItems, FindHeld, FindCard, FindName,
                           SetLimits>;
        },
        job);
}

std::size_t weight(const Job& job) {
    return overhead + std::visit(
                          [](const auto& one) -> std::size_t {
                              using Type = std::decay_t<decltype(one)>;
                              if constexpr (one_of<Type, SetSlots>)
                                  return one.slots.size() * sizeof(net::MailboxSlot) +
                                         one.card.size();
                              else if constexpr (one_of<Type, MailboxDeposit>)
                                  return one.sealed.size();
                              else if constexpr (one_of<Type, LoadItems>)
                                  return one.bytes + net::sealed_max;
                              else if constexpr (one_of<Type, RemoveItems>)
                                  return one.numbers.size() * sizeof(std::uint64_t);
                              else if constexpr (one_of<Type, DropHeld>)
                                  return one.ids.size() * sizeof(net::MessageId);
                              else if constexpr (one_of<Type, FindHeld>)
                                  return net::sealed_max;
                              else if constexpr (one_of<Type, SetName>)
                                  return one.name.size() + one.card.size();
                              else
                                  return net::slot_card_max;
                          },
                          job);
}

std::size_t work(const Job& job) {
    if (const auto* slots = std::get_if<SetSlots>(&job))
        return overhead + slots->slots.size() * slot_work;
    if (const auto* removal = std::get_if<RemoveItems>(&job))
        return overhead + removal->numbers.size() * removal_work;
    if (const auto* drop = std::get_if<DropHeld>(&job))
        return overhead + drop->ids.size() * removal_work;
    return weight(job);
}

}  // namespace kith::store::mailbox
