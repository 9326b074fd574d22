// SPDX-License-Identifier: MIT
#include "app/node/settings_text.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace kith;

TEST_CASE("settings are read as they were written, whatever the locale") {
    const model::Settings written{
        "dark",          1.25, false, false, 90, false, false, "a.example:4711", "/srv/in coming",
        "{date}_{name}", 1000, 500};
    const std::string text = node::write_settings(written, {});
    CHECK(text ==
          "theme=dark\nzoom=1.25\nread_receipts=off\ntyping=off\nhistory_days=90\nvisible=off\n"
          "mapping=off\npublic_address=a.example:4711\ndownloads=/srv/in coming\n"
          "naming={date}_{name}\nrate_total=1000\nrate_each=500\n");
    model::Settings read;
    std::vector<std::string> unknown;
    node::read_settings(text, read, unknown);
    CHECK(read == written);
    CHECK(unknown.empty());
}

TEST_CASE("lines of newer versions are kept, within bounds") {
    model::Settings settings;
    std::vector<std::string> unknown;
    node::read_settings("colour=green\ntheme=light\nnonsense\nlast=1", settings, unknown);
    CHECK(settings.theme == "light");
    CHECK(unknown == std::vector<std::string>{"colour=green", "last=1"});
    CHECK(node::write_settings(settings, unknown).ends_with("colour=green\nlast=1\n"));
    std::string many;
    for (int i = 0; i < 1000; ++i) many += "key" + std::to_string(i) + "=x\n";
    node::read_settings(many, settings, unknown);
    CHECK(unknown.size() == node::unknown_settings_max);
}

TEST_CASE("what is damaged or out of bounds keeps the value it had") {
    const model::Settings before{"dark",           2.0,    false,    true, 7, true, false,
                                 "a.example:4711", "/srv", "{name}", 7,    8};
    model::Settings settings = before;
    std::vector<std::string> unknown;
    node::read_settings(
        "theme=purple\nzoom=9\nread_receipts=maybe\nhistory_days=-1\nhistory_days=99999999999\n"
        "zoom=1.5x\nzoom=nan\ntyping=\nvisible=perhaps\nmapping=1\npublic_address=a.example\n"
        "downloads=relative\nnaming={date}\nrate_total=-1\nrate_each=x\n",
        settings, unknown);
    CHECK(settings == before);
}
