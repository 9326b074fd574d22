// SPDX-License-Identifier: MIT
#include "app/node/context.hpp"

namespace kith::node {

void Context::report(model::NoticeLevel level, std::string text) {
    if (level != model::NoticeLevel::info) note_error(text);
    events.publish(model::Notice{level, std::move(text), now()});
}

void Context::note_error(std::string_view text) {
    errors.push_front(model::to_rfc3339(now()) + " " + std::string(text));
    if (errors.size() > errors_max) errors.pop_back();
    network_changed();
}

void Context::network_changed() {
    if (!std::exchange(network_dirty, true)) events.wake_up();
}

void Context::save(const Person& person,
                   std::function<void(tl::expected<void, model::Error>)> done) {
    store.submit(store::PutPeer{person.row},
                 [this, done = std::move(done)](const store::Result& result) {
                     if (result) return done({});
                     report(model::NoticeLevel::error, result.error().text);
                     done(tl::unexpected(to_model(result.error())));
                 });
}

model::Error to_model(const store::Error& error) {
    switch (error.code) {
        case store::Errc::no_such_message:
            return {"no_such_message", error.text};
        case store::Errc::ambiguous:
            return {"ambiguous_message", error.text};
        case store::Errc::not_yours:
            return {"not_yours", error.text};
        case store::Errc::too_late:
            return {"too_late", error.text};
        case store::Errc::too_many:
            return {"too_many", error.text};
        case store::Errc::overloaded:
            return {"busy", error.text};
        case store::Errc::damaged:
        case store::Errc::wrong_key:
            return {"damaged", error.text};
        case store::Errc::full:
            return {"disk_full", error.text};
        default:
            return {"storage", error.text};
    }
}

}  // namespace kith::node
