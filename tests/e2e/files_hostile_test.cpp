// SPDX-License-Identifier: MIT
//
// Files between a real program and a contact who lies on the real wire, while somebody else has a
// hand in the folder: nothing lands that was not agreed on, nor anywhere else.
#include <sys/stat.h>

#include <catch2/catch_test_macros.hpp>

#include "tests/e2e/hostile_contact.hpp"
#include "tests/e2e/transfer_pair.hpp"
#include "tests/net/raw_socket.hpp"

using namespace kith;
using namespace kith::e2e;
namespace bulk = kith::net::bulk;
namespace fs = std::filesystem;
using Items = std::vector<bulk::Item>;
using net::Bytes;

namespace {

net::ManifestEntry file_entry(std::string path, std::size_t size) {
    return {std::move(path), false, false, size, 1'600'000'000'000};
}
net::ManifestEntry folder_entry(std::string path) { return {std::move(path), true, false, 0, 0}; }

Bytes pattern(std::size_t size, std::uint8_t first = 1) {
    Bytes bytes(size);
    for (std::size_t i = 0; i < size; ++i)
        bytes[i] = static_cast<std::uint8_t>(first + i * 7 + i / 251);
    return bytes;
}
std::string text(const Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// Bob is the victim; what lies in `outside` is none of Mallory's business.
struct Victim {
    explicit Victim(const fs::path& disk = fs::temp_directory_path()) : in(disk), outside(disk) {
        write_file(precious(), "precious");
    }
    [[nodiscard]] fs::path precious() const { return outside.path() / "precious"; }
    [[nodiscard]] fs::path folder() const { return in.path() / "Mallory"; }
    [[nodiscard]] fs::path part(const net::MessageId& id, const std::string& name) const {
        return folder() / (name + "." + text_of(id).substr(28) + ".part");
    }
    net::MessageId offer_and_accept(const net::Manifest& manifest) {
        const auto id = mallory.offer(manifest);
        bob.wait_until("the list", [&] {
            return bob.request({{"cmd", "transfer_files"}, {"transfer", text_of(id)}}).at("ok") ==
                   true;
        });
        bob.ask({{"cmd", "accept_transfer"}, {"transfer", text_of(id)}});
        return id;
    }
    void wait_for(const net::MessageId& id, const std::string& state) {
        TransferPair::wait_for(bob, text_of(id), state);
    }
    void ask(const std::string& command, const net::MessageId& id) {
        bob.ask({{"cmd", command}, {"transfer", text_of(id)}});
    }
    Json transfer(const net::MessageId& id) { return TransferPair::transfer(bob, text_of(id)); }
    void check_outside() const {
        CHECK(tree_of(outside.path()) ==
              std::map<std::string, std::string>{{"precious", "precious"}});
    }

    TemporaryFolder in, outside;
    Instance bob{TransferPair::options("Bob", in)};
    HostileContact mallory{bob, "mallory"};
};

bool is_part(const std::string& name) { return name.ends_with(".part"); }

/// A regular file of its own.
void check_is(const fs::path& file, const std::string& content) {
    INFO(file);
    struct stat status {};
    REQUIRE(::lstat(file.c_str(), &status) == 0);
    CHECK(S_ISREG(status.st_mode));
    CHECK(status.st_nlink == 1);
    CHECK(read_file(file) == content);
}

}  // namespace

TEST_CASE("a sender whose bytes are not those it offered lands none of them") {
    Victim victim;
    const Bytes ten = pattern(10), five = pattern(5);
    const std::vector<std::pair<const char*, Items>> scripts{
        {"more bytes", {bulk::File{0, 0}, bulk::Data{ten}, bulk::Data{five}, bulk::End{}}},
        {"fewer bytes", {bulk::File{0, 0}, bulk::Data{five}, bulk::End{}}},
        {"out of the list", {bulk::File{7, 0}, bulk::Data{ten}, bulk::End{}}},
        {"out of turn", {bulk::File{1, 0}, bulk::Data{ten}, bulk::End{}}},
        {"in its midst", {bulk::File{0, 5}, bulk::Data{five}, bulk::End{}}},
        {"of no file", {bulk::Data{ten}}},
        {"nothing, and the end", {bulk::AllSent{}}},
        {"a file in a file", {bulk::File{0, 0}, bulk::Data{five}, bulk::File{1, 0}}},
    };
    for (const auto& [what, items] : scripts) {
        INFO(what);
        const auto id =
            victim.offer_and_accept({{file_entry("a.bin", 10), file_entry("b.bin", 10)}});
        victim.mallory.send(id, Script::job({{payload_of(items)}}));
        victim.wait_for(id, "failed");
        CHECK(victim.transfer(id).at("files_done") == 0);
        for (const auto& [name, bytes] : tree_of(victim.in.path()))
            CHECK((name.ends_with("/") || (is_part(name) && bytes.size() <= 10)));
        victim.ask("cancel_transfer", id);
    }
    // The first was whole. It is there once, and nothing of the second time.
    const net::Manifest two{{file_entry("a.bin", 10), file_entry("b.bin", 10)}};
    const auto id = victim.offer_and_accept(two);
    victim.mallory.send(
        id, Script::job({{payload_of({bulk::File{0, 0}, bulk::Data{ten}, bulk::End{},
                                      bulk::File{0, 0}, bulk::Data{ten}, bulk::End{}})}}));
    victim.wait_for(id, "failed");
    CHECK(read_file(victim.folder() / "a.bin") == text(ten));
    CHECK_FALSE(fs::exists(victim.folder() / "a (1).bin"));
    // Whoever keeps to the rules then gets through.
    victim.ask("retry_transfer", id);
    victim.mallory.send(id, honest_sender(two, {ten, ten}));
    victim.wait_for(id, "done");
    CHECK(tree_of(victim.folder()) ==
          std::map<std::string, std::string>{{"a.bin", text(ten)}, {"b.bin", text(ten)}});
    victim.check_outside();
}

TEST_CASE("what was declined in part is not written, whatever is sent") {
    Victim victim;
    const Bytes ten = pattern(10);
    const auto id = victim.mallory.offer({{file_entry("wanted", 10), file_entry("unwanted", 10)}});
    TransferPair::wait_for(victim.bob, text_of(id), "offered");
    victim.bob.ask(
        {{"cmd", "accept_transfer"}, {"transfer", text_of(id)}, {"selected", Json::array({0})}});
    victim.mallory.send(
        id, Script::job({{payload_of({bulk::File{0, 0}, bulk::Data{ten}, bulk::End{},
                                      bulk::File{1, 0}, bulk::Data{ten}, bulk::End{}})}}));
    victim.wait_for(id, "failed");
    CHECK(tree_of(victim.folder()) == std::map<std::string, std::string>{{"wanted", text(ten)}});
}

TEST_CASE("names that collide, hide or lead elsewhere land beside each other, in the folder") {
    Victim victim;
    net::Manifest manifest{{folder_entry("Top")}};
    for (const char* name : {"a",
                             "A",
                             "a.",
                             "a ",
                             " a",
                             "a\xCC\x88",
                             "\xC3\xA4",
                             "CON",
                             "con",
                             "_CON",
                             "nul.txt",
                             "x\\y",
                             "x:y",
                             "x\ny",
                             "x_y",
                             "\xE2\x80\xAE",
                             "\xE2\x80\x8B",
                             "_",
                             "...",
                             " ",
                             "~",
                             "a.01234567.part",
                             "a (1)",
                             "-rf",
                             ".bashrc"})
        manifest.entries.push_back(file_entry(std::string("Top/") + name, 4));
    std::string deep = "Top";
    for (int i = 0; i < 60; ++i) {
        deep += "/" + std::string(60, static_cast<char>('a' + i % 26));
        manifest.entries.push_back(folder_entry(deep));
    }
    manifest.entries.push_back(file_entry(deep + "/end", 4));
    std::vector<Bytes> files;
    std::multiset<std::string> sent, came;
    for (std::size_t i = 0; i < manifest.entries.size(); ++i) {
        files.push_back(manifest.entries[i].folder ? Bytes{}
                                                   : pattern(4, static_cast<std::uint8_t>(i)));
        if (!manifest.entries[i].folder) sent.insert(text(files.back()));
    }
    const auto id = victim.offer_and_accept(manifest);
    victim.mallory.send(id, honest_sender(manifest, files));
    victim.wait_for(id, "done");
    for (const auto& [name, bytes] : tree_of(victim.in.path())) {
        INFO(name);
        CHECK((name.starts_with("Mallory/Top/") || name == "Mallory/"));
        CHECK(name.find_first_of("\\:\n") == std::string::npos);
        if (!name.ends_with("/")) came.insert(bytes);
    }
    CHECK(came == sent);
    victim.check_outside();
}

TEST_CASE("what is planted before the first byte comes is not followed and not replaced") {
    Victim victim;
    const net::Manifest manifest{{file_entry("photo.jpg", 300'000)}};
    const std::vector<Bytes> files{pattern(300'000)};
    const auto id = victim.offer_and_accept(manifest);
    fs::create_directory(victim.folder());
    SECTION("a link in its place, and one in the place of the unfinished file") {
        fs::create_symlink(victim.precious(), victim.folder() / "photo.jpg");
        fs::create_symlink(victim.precious(), victim.part(id, "photo.jpg"));
        victim.mallory.send(id, honest_sender(manifest, files));
        victim.wait_for(id, "done");
        CHECK(fs::is_symlink(victim.folder() / "photo.jpg"));
        check_is(victim.folder() / "photo (1).jpg", text(files[0]));
    }
    SECTION("a link in place of the folder") {
        fs::remove(victim.folder());
        fs::create_directory_symlink(victim.outside.path(), victim.folder());
        victim.mallory.send(id, honest_sender(manifest, files));
        victim.wait_for(id, "failed");
        victim.check_outside();
        fs::remove(victim.folder());
        victim.ask("retry_transfer", id);
        victim.mallory.send(id, honest_sender(manifest, files));
        victim.wait_for(id, "done");
        check_is(victim.folder() / "photo.jpg", text(files[0]));
    }
    victim.check_outside();
}

TEST_CASE("a paused transfer whose unfinished file was exchanged is not continued with it") {
    Victim victim;
    const Bytes whole = pattern(6'000'000), half(whole.begin(), whole.begin() + 5'000'000);
    const net::Manifest manifest{{file_entry("photo.jpg", whole.size())}};
    Script::Plan first_half{{payload_of({bulk::File{0, 0}})}, true, true};
    for (std::size_t at = 0; at < half.size(); at += 200'000)
        first_half.payloads.push_back(
            payload_of({bulk::Data{net::ByteView(half).subspan(at, 200'000)}}));
    using Mischief = std::function<void(const fs::path&)>;
    const auto instead = [](auto make) {
        return [make](const fs::path& part) {
            fs::remove(part);
            make(part);
        };
    };
    const std::vector<std::pair<const char*, Mischief>> tried{
        {"nothing", [](const fs::path&) {}},
        {"a link", instead([&](const auto& at) { fs::create_symlink(victim.precious(), at); })},
        {"a second name",
         instead([&](const auto& at) { fs::create_hard_link(victim.precious(), at); })},
        {"another file of this size",
         instead([&](const auto& at) { write_file(at, std::string(half.size(), 'x')); })},
        {"other bytes in it",
         [&](const auto& at) {
             std::fstream(at, std::ios::in | std::ios::out | std::ios::binary).seekp(1000) << "xyz";
         }},
        {"shorter", [](const auto& at) { fs::resize_file(at, 1000); }},
        {"longer than it may be", [](const auto& at) { fs::resize_file(at, 7'000'000); }},
        {"nothing there", [](const auto& at) { fs::remove(at); }},
        {"a pipe", instead([](const auto& at) { (void)::mkfifo(at.c_str(), 0600); })},
    };
    for (const auto& [what, mischief] : tried) {
        INFO(what);
        const auto id = victim.offer_and_accept(manifest);
        victim.mallory.send(id, Script::job(first_half));
        victim.ask("pause_transfer", id);
        victim.wait_for(id, "paused");
        victim.bob.wait_until("the first half", [&] {
            return fs::exists(victim.part(id, "photo.jpg")) &&
                   fs::file_size(victim.part(id, "photo.jpg")) >= half.size();
        });
        mischief(victim.part(id, "photo.jpg"));
        victim.ask("resume_transfer", id);
        victim.mallory.send(id, honest_sender(manifest, {whole}));
        victim.wait_for(id, "done");
        check_is(victim.folder() / "photo.jpg", text(whole));
        CHECK(tree_of(victim.folder()).size() == 1);
        victim.check_outside();
        CHECK(fs::hard_link_count(victim.precious()) == 1);
        fs::remove(victim.folder() / "photo.jpg");
    }
}

TEST_CASE("a sender that exchanges the file between two runs gets no mixture through") {
    Victim victim;
    const Bytes one = pattern(400'000), other = pattern(400'000, 99);
    const net::Manifest manifest{{file_entry("photo.jpg", one.size())}};
    const auto id = victim.offer_and_accept(manifest);
    victim.mallory.send(
        id, Script::job(
                {{payload_of({bulk::File{0, 0}, bulk::Data{net::ByteView(one).first(200'000)}})},
                 true,
                 true}));
    victim.mallory.send(id, honest_sender(manifest, {other}));
    victim.wait_for(id, "done");
    check_is(victim.folder() / "photo.jpg", text(other));
}

TEST_CASE("a hundred thousand files, two of a name when made safe, land each for itself") {
    const fs::path memory = "/dev/shm";
    Victim victim(fs::is_directory(memory) ? memory : fs::temp_directory_path());
    net::Manifest manifest{{folder_entry("Top")}};
    std::vector<Bytes> files(1);
    for (int i = 0; i < 50'000; ++i)
        for (const char* end : {"", "."}) {
            manifest.entries.push_back(file_entry("Top/" + std::to_string(i) + end, 1));
            files.push_back({static_cast<std::uint8_t>(i)});
        }
    const auto id = victim.offer_and_accept(manifest);
    victim.mallory.send(id, honest_sender(manifest, files));
    victim.wait_for(id, "done");
    const fs::directory_iterator all(victim.folder() / "Top");
    CHECK(std::distance(begin(all), end(all)) == 100'000);
    CHECK(read_file(victim.folder() / "Top/7 (1)") == std::string(1, '\x07'));
}

TEST_CASE("a receiver that asks for, has or got what it cannot ends its run and is not believed") {
    Victim victim;
    TemporaryFolder out;
    write_file(out.path() / "a.bin", "0123456789");
    write_file(out.path() / "b.bin", "0123456789");
    const std::vector<std::pair<const char*, Items>> scripts{
        {"what it did not accept", {bulk::Want{0, 2}, bulk::Start{}}},
        {"what is not in the list", {bulk::Want{400'000'000, 1}, bulk::Start{}}},
        {"more than there is", {bulk::Want{1, 1}, bulk::Have{1, 11, {}}, bulk::Start{}}},
        {"landed before it was sent",
         {bulk::Want{1, 1}, bulk::Start{}, bulk::Landed{1}, bulk::Finished{}}},
        {"finished with nothing there", {bulk::Want{1, 1}, bulk::Start{}, bulk::Finished{}}},
        {"landed what it did not accept", {bulk::Want{1, 1}, bulk::Start{}, bulk::Landed{0}}},
    };
    for (const auto& [what, items] : scripts) {
        INFO(what);
        victim.bob.ask(
            {{"cmd", "send_files"},
             {"peer", victim.mallory.fingerprint()},
             {"paths", {(out.path() / "a.bin").string(), (out.path() / "b.bin").string()}}});
        const auto offer = victim.mallory.heard<net::FileOffer>();
        const auto run = victim.mallory.accept(offer, {{1, 1}});
        victim.mallory.carry(run, Script::job({{payload_of(items)}, false, false}));
        victim.wait_for(offer.id, "failed");
        CHECK(victim.transfer(offer.id).at("files_done") == 0);
    }
    for (const auto& ranges : {std::vector<net::EntryRange>{{1, 5}}, {{0, 1}, {199'000, 1'000}}}) {
        victim.bob.ask(
            {{"cmd", "send_files"},
             {"peer", victim.mallory.fingerprint()},
             {"paths", {(out.path() / "a.bin").string(), (out.path() / "b.bin").string()}}});
        const auto offer = victim.mallory.heard<net::FileOffer>();
        victim.mallory.say(
            net::FileAnswer{victim.mallory.next_id(), offer.id, true, offer.manifest_hash, ranges});
        victim.mallory.say(net::FileReady{offer.id});
        victim.wait_for(offer.id, "failed");
    }
    CHECK(victim.bob.process().pid() > 0);
    CHECK(victim.bob.ask({{"cmd", "whoami"}}).at("ok") == true);
}

TEST_CASE("who takes all places and reads nothing is left, and others get theirs") {
    Victim victim;
    Instance carol("Carol");
    befriend(carol, victim.bob);
    TemporaryFolder out;
    write_file(out.path() / "long.bin", std::string(32 << 20, 'x'));
    write_file(out.path() / "short.txt", "short");
    std::vector<net::BulkLink> held;
    for (std::size_t i = 0; i < net::BulkRunner::runs_max; ++i) {
        victim.bob.ask({{"cmd", "send_files"},
                        {"peer", victim.mallory.fingerprint()},
                        {"paths", {(out.path() / "long.bin").string()}}});
        const auto offer = victim.mallory.heard<net::FileOffer>();
        held.push_back(victim.mallory.link(victim.mallory.accept(offer, {{0, 1}})));
    }
    const std::string id = victim.bob
                               .ask({{"cmd", "send_files"},
                                     {"peer", carol.fingerprint()},
                                     {"paths", {(out.path() / "short.txt").string()}}})
                               .at("transfer");
    TransferPair::wait_for(carol, id, "offered");
    carol.ask({{"cmd", "set_settings"}, {"settings", {{"downloads", carol.folder().string()}}}});
    const std::string path = carol.ask({{"cmd", "accept_transfer"}, {"transfer", id}}).at("path");
    TransferPair::wait_for(carol, id, "done");
    CHECK(read_file(path) == "short");
}

TEST_CASE("tickets that are wrong, used, or those of another contact open nothing") {
    Victim victim;
    HostileContact carol(victim.bob, "carol");
    const net::Manifest manifest{{file_entry("photo.jpg", 10)}};
    const auto id = carol.offer(manifest);
    TransferPair::wait_for(victim.bob, text_of(id), "offered");
    victim.ask("accept_transfer", id);
    const auto run = carol.name_run(id);
    const auto closes = [&](HostileContact& who) {
        const auto link = who.link(run);
        pollfd waiting{link.socket.get(), POLLIN, 0};
        char byte = 0;
        return ::poll(&waiting, 1, 5000) > 0 && ::recv(link.socket.get(), &byte, 1, 0) <= 0;
    };
    for (int i = 0; i < 20; ++i) CHECK(closes(victim.mallory));
    carol.carry(run, honest_sender(manifest, {pattern(10)}));
    TransferPair::wait_for(victim.bob, text_of(id), "done");
    for (int i = 0; i < 20; ++i) CHECK(closes(carol));
    CHECK(victim.bob.ask({{"cmd", "whoami"}}).at("ok") == true);
}
