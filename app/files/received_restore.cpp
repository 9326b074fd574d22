// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <map>

#include "app/files/received_state.hpp"
#include "app/files/write_error.hpp"

namespace kith::files {
namespace {

using Kind = Journal::Kind;

constexpr std::size_t missing_folders_max = 100;
constexpr std::int64_t ns_per_ms = 1'000'000;
constexpr std::int64_t coarse_time_ms = 2000;  // FAT keeps every other second

std::uint32_t binding(const net::Manifest& manifest, const std::string& tag) {
    const auto hash = crypto::sha256({net::encode(manifest), crypto::view(tag)});
    return std::uint32_t{hash[0]} << 24 | std::uint32_t{hash[1]} << 16 |
           std::uint32_t{hash[2]} << 8 | hash[3];
}

bool is_tag(const std::string& tag) {
    return tag.size() == 8 && tag.find_first_not_of("0123456789abcdef") == std::string::npos;
}

net::FileError misuse(const char* text) { return {net::FileProblem::other, text}; }

/// The last one of each entry.
std::map<std::uint32_t, Journal::Record> last_records(const std::vector<Journal::Record>& all) {
    std::map<std::uint32_t, Journal::Record> out;
    for (const auto& record : all) out.insert_or_assign(record.entry, record);
    return out;
}

/// What follows an announced name: whether the file got it before the end came.
class NamingCheck {
public:
    NamingCheck(const FileCalls& calls, int folder, const std::string& part,
                const std::string& name)
        : calls_(calls), folder_(folder), part_name_(part) {
        part_found_ = calls.status_at(folder, part.c_str(), part_) == 0;
        named_found_ = calls.status_at(folder, name.c_str(), named_) == 0 &&
                       named_.kind == FileStatus::Kind::file;
    }

    [[nodiscard]] bool has_name(const net::ManifestEntry& entry, std::uint64_t inode) const {
        if (!named_found_ || named_.size != entry.size) return false;
        if (Journal::naming(named_.inode).inode == inode) return true;
        // Not every file system keeps its inode numbers.
        return !part_found_ && entry.modified_ms != 0 &&
               std::abs(named_.modified_ns / ns_per_ms - entry.modified_ms) <= coarse_time_ms;
    }
    /// Where renaming is linking and unlinking, the end can come between the two.
    void remove_second_name() const {
        if (part_found_ && part_.inode == named_.inode) calls_.remove(folder_, part_name_.c_str());
    }
    [[nodiscard]] bool is_unfinished(std::uint64_t size) const {
        return part_found_ && part_.size == size && is_part(part_, size);
    }

private:
    const FileCalls& calls_;
    int folder_;
    const std::string& part_name_;
    FileStatus part_{}, named_{};
    bool part_found_ = false, named_found_ = false;
};

}  // namespace

void ReceivedFiles::State::restore(const std::vector<Journal::Record>& records) {
    for (const auto& [index, record] : last_records(records)) {
        if (index >= entries.size()) continue;
        Entry& entry = entries[index];
        if (record.kind == Kind::done) {
            entry.number = static_cast<std::uint32_t>(record.value);
            entry.step = Step::done;
            continue;
        }
        entry.recorded = true;
        const int folder = folders.get(places.folder(index));
        if (folder < 0) continue;
        const std::string part = part_name(index);
        if (record.kind == Kind::durable) {
            FileStatus status;
            const bool fits = record.value <= manifest.entries[index].size &&
                              calls.status_at(folder, part.c_str(), status) == 0 &&
                              is_part(status, record.value);
            entry.durable = fits ? record.value : 0;
            continue;
        }
        const auto [number, inode] = Journal::naming(record.value);
        const std::string name = places.name(index, number);
        const NamingCheck check(calls, folder, part, name);
        if (check.has_name(manifest.entries[index], inode)) {
            check.remove_second_name();
            entry.number = number;
            entry.step = Step::named;
            touched.insert(places.folder(index));
            unrecorded.push_back(index);
        } else if (check.is_unfinished(manifest.entries[index].size)) {
            entry.durable = manifest.entries[index].size;
        }
    }
}

void ReceivedFiles::State::make_folders() {
    for (std::uint32_t i = 0; i < entries.size(); ++i) {
        if (!entries[i].selected || !manifest.entries[i].folder || entries[i].step != Step::wanted)
            continue;
        const std::string path = places.path(i);
        const int made =
            folders.get_or_make(path, [this](const std::string& in) { touched.insert(in); });
        if (made >= 0) {
            entries[i].step = Step::named;
            unrecorded.push_back(i);
        } else if (missing_folders.size() < missing_folders_max) {
            missing_folders.push_back(write_error(made, path));
        }
    }
}

net::FileResult<std::unique_ptr<ReceivedFiles>> ReceivedFiles::open(
    const net::Manifest& manifest, const std::vector<std::uint32_t>& selected,
    const Landing& landing, const std::string& journal, const std::string& tag,
    const FileCalls& calls) {
    auto places = Places::of(manifest, landing.names);
    if (!places || !is_selection(manifest, selected) || !is_tag(tag))
        return tl::unexpected(misuse("These are not the places of this transfer."));
    Descriptor root(calls, calls.open_folder(landing.folder));
    if (!root && root.get() == -ENOENT)
        return tl::unexpected(
            net::FileError{net::FileProblem::vanished,
                           "The folder " + landing.folder + " is not there any more."});
    if (!root) return cannot_write(root.get(), landing.folder);
    std::vector<Journal::Record> records;
    auto opened = Journal::open(journal, binding(manifest, tag), calls, records);
    if (!opened) return tl::unexpected(opened.error());
    auto state = std::make_unique<State>(manifest, landing, std::move(*places), tag,
                                         std::move(root), std::move(*opened), calls);
    for (const auto entry : selected) state->entries[entry].selected = true;
    state->restore(records);
    state->make_folders();
    // What fails is tried again by the next one.
    if (!state->unrecorded.empty()) (void)state->commit();
    if (state->journal.large() && state->unrecorded.empty())
        (void)state->journal.rewrite(state->live_records());
    return std::unique_ptr<ReceivedFiles>(new ReceivedFiles(std::move(state)));
}

namespace {

/// Folders the naming template has put above them, from the inside out.
void remove_bases(const FileCalls& calls, OpenFolders& folders,
                  const std::vector<std::string>& names) {
    std::set<std::string, std::greater<>> above;  // what is in a folder stands in front of it
    for (const auto& name : names) {
        for (auto path = parent_of(name); !path.empty(); path = parent_of(path))
            if (!above.insert(path).second) break;
    }
    for (const auto& path : above) {
        const int folder = folders.get(parent_of(path));
        if (folder >= 0) calls.remove_folder(folder, last_name(path).c_str());
    }
}

}  // namespace

void discard_received(const net::Manifest& manifest, const std::vector<std::uint32_t>& selected,
                      const Landing& landing, const std::string& journal, const std::string& tag,
                      const FileCalls& calls) {
    const auto places = Places::of(manifest, landing.names);
    const Descriptor root(calls, calls.open_folder(landing.folder));
    if (places && root && is_selection(manifest, selected) && is_tag(tag)) {
        OpenFolders folders(calls, root.get());
        const auto last = last_records(Journal::read(journal, binding(manifest, tag), calls));
        const auto ours = places->with_parents(selected);
        // What is in a folder stands behind it.
        for (auto entry = ours.rbegin(); entry != ours.rend(); ++entry) {
            const int folder = folders.get(places->folder(*entry));
            if (folder < 0) continue;
            const auto record = last.find(*entry);
            const bool landed = record != last.end() && record->second.kind == Kind::done;
            if (manifest.entries[*entry].folder)
                calls.remove_folder(folder, places->name(*entry).c_str());
            else if (!landed)
                calls.remove(folder, places->part_name(*entry, tag).c_str());
        }
        remove_bases(calls, folders, landing.names);
    }
    Journal::remove(journal, calls);
}

void forget_journal(const std::string& journal, const FileCalls& calls) {
    Journal::remove(journal, calls);
}

}  // namespace kith::files
