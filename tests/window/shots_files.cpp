// SPDX-License-Identifier: MIT
#include <cmath>

#include "tests/e2e/file_trees.hpp"
#include "tests/e2e/instance.hpp"
#include "tests/window/picture.hpp"
#include "tests/window/shots.hpp"

namespace kith::window {
namespace {

using e2e::Instance;
using e2e::write_random;

constexpr std::uint64_t slowly = 3'000'000;  // bytes a second: seconds remain for a picture
constexpr std::uint64_t seen_moving = 10 * slowly;

using Colour = std::array<std::uint8_t, 3>;

/// An evening at the lake, in flat colours that pack well.
Colour lake_at(int x, int y, int width, int height) {
    const double across = x / double(width), down = y / double(height);
    const double sun = std::hypot((across - 0.68) * width / height, down - 0.44);
    const double hills = 0.5 - 0.1 * std::sin(across * 5) - 0.03 * std::sin(across * 17);
    const bool water = down > 0.56;
    if (!water && down > hills) return {52, 66, 92};
    if (!water && sun < 0.11) return {255, 226, 150};
    const int band = static_cast<int>((water ? 1.12 - down : down) * 16);
    const bool glitter = water && std::abs(across - 0.68) < 0.07 && (y / 6) % 2 == 0;
    if (glitter) return {246, 196, 130};
    const auto shade = [&](int base, int step) {
        return static_cast<std::uint8_t>((base + step * band) * (water ? 3 : 4) / 4);
    };
    return {shade(110, 16), shade(100, 8), shade(160, -5)};
}

void paint_lake(const std::filesystem::path& file) {
    Picture picture{640, 250, {}};
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            const Colour colour = lake_at(x, y, picture.width, picture.height);
            picture.rgb.insert(picture.rgb.end(), colour.begin(), colour.end());
        }
    }
    write_png(file, picture);
}

std::filesystem::path make_holiday(const std::filesystem::path& folder) {
    std::mt19937_64 random(1);
    const auto holiday = folder / "Sunday at the lake";
    const std::pair<const char*, std::size_t> files[] = {
        {"boat.jpg", 3'120'000},    {"bridge.jpg", 2'480'000},       {"everybody.jpg", 4'050'000},
        {"route.gpx", 48'200},      {"songs/olga.flac", 18'600'000}, {"songs/text.txt", 2'100},
        {"rowing.mp4", 41'300'000},
    };
    for (const auto& [name, size] : files) write_random(holiday / name, size, random);
    return holiday;
}

Json transfer_of(KithWindow& who, const std::string& id) {
    const Json reply = who.ask({{"cmd", "transfers"}});
    for (const auto& one : reply.at("transfers")) {
        if (one.at("transfer") == id) return one;
    }
    return {{"state", "unknown"}};
}

void wait_for_state(KithWindow& who, const std::string& id, const std::string& state) {
    who.wait_until(id + " " + state, [&] { return transfer_of(who, id).at("state") == state; });
}

/// `from` is a KithWindow or an Instance.
template <class From>
std::string offer(From& from, const std::string& to, const std::filesystem::path& path) {
    return from.ask({{"cmd", "send_files"}, {"peer", to}, {"paths", {path.string()}}})
        .at("transfer");
}

std::string offer_to_ada(Stage& stage, Instance& from, const std::filesystem::path& path) {
    const std::string id = offer(from, stage.ada.fingerprint(), path);
    wait_for_state(stage.ada, id, "offered");
    return id;
}

template <class Who>
void accept(Who& who, const std::string& id) {
    who.ask({{"cmd", "accept_transfer"}, {"transfer", id}});
}

/// A list goes, and a picture comes.
void exchange(Stage& stage, Instance& tomas, const std::filesystem::path& folder) {
    KithWindow& ada = stage.ada;
    std::mt19937_64 random(2);
    write_random(folder / "packing list.pdf", 84'300, random);
    const auto list = offer(ada, tomas.fingerprint(), folder / "packing list.pdf");
    tomas.wait_until("the list", [&] {
        return !tomas.ask({{"cmd", "transfers"}}).at("transfers").empty();
    });
    accept(tomas, list);
    wait_for_state(ada, list, "done");
    paint_lake(folder / "lake.png");
    const auto picture = offer_to_ada(stage, tomas, folder / "lake.png");
    accept(ada, picture);
    wait_for_state(ada, picture, "done");
}

/// One that has begun and is held.
void pause_a_book(Stage& stage, Instance& reader, const std::filesystem::path& folder) {
    KithWindow& ada = stage.ada;
    std::mt19937_64 random(3);
    const auto file = folder / "Chapters 5 to 7.epub";
    write_random(file, 22'400'000, random);
    const auto book = offer_to_ada(stage, reader, file);
    accept(ada, book);
    ada.wait_until("a part of the book", [&] {
        return transfer_of(ada, book).at("bytes").get<std::uint64_t>() > slowly;
    });
    ada.ask({{"cmd", "pause_transfer"}, {"transfer", book}});
}

void take_review(Stage& stage, const std::string& offered) {
    KithWindow& ada = stage.ada;
    set_theme(stage, "light");
    ada.click(label_of_transfer(offered, "review"));
    ada.wait_for("review/accept");
    ada.click("review/folder");  // the usual one is a folder of this machine
    ada.key("ctrl+a");
    ada.type("~/Pictures/2026");
    ada.click("review/entry/1");
    stage.camera.take("files-review");
    ada.click("review/cancel");
    ada.wait_gone("review/cancel");
    set_theme(stage, "dark");
}

void take_drawer(Stage& stage, const std::string& moving) {
    KithWindow& ada = stage.ada;
    accept(ada, moving);
    ada.key("ctrl+j");
    ada.wait_for("transfers/list");
    stage.desktop.put_mouse_away();
    ada.wait_until("progress", [&] {
        const Json transfer = transfer_of(ada, moving);
        return transfer.at("bytes").get<std::uint64_t>() > seen_moving;
    });
    stage.camera.take_moving("transfers");
    ada.key("ctrl+j");
}

}  // namespace

void take_files(Stage& stage, Instance& contact) {
    const e2e::TemporaryFolder folder;
    KithWindow& ada = stage.ada;
    Instance tomas("Tomáš Novák");
    befriend(ada, tomas);
    for (Instance* person : {&contact, &tomas})
        person->ask({{"cmd", "set_settings"}, {"rate_each", slowly}});
    ada.click(label_of("conversation", tomas.fingerprint()));
    exchange(stage, tomas, folder.path());
    pause_a_book(stage, contact, folder.path());
    const auto holiday = offer_to_ada(stage, tomas, make_holiday(folder.path()));
    ada.wait_for(label_of_transfer(holiday, "review"));
    stage.camera.take("files");
    take_review(stage, holiday);
    take_drawer(stage, holiday);
}

}  // namespace kith::window
