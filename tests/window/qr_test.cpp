// SPDX-License-Identifier: MIT
//
// The QR code in the window is read by a decoder of other people, from what is on the screen.
#include <catch2/catch_test_macros.hpp>

#include "tests/qr/qr_reader.hpp"
#include "tests/window/kith_window.hpp"

using namespace kith::window;

namespace {

/// Rec. 601, roughly.
kith::test::GreyPicture grey(const Picture& picture) {
    kith::test::GreyPicture out;
    out.width = static_cast<std::size_t>(picture.width);
    out.height = static_cast<std::size_t>(picture.height);
    for (std::size_t i = 0; i + 2 < picture.rgb.size(); i += 3) {
        const unsigned sum = 3U * picture.rgb[i] + 6U * picture.rgb[i + 1] + picture.rgb[i + 2];
        out.pixels.push_back(static_cast<std::uint8_t>(sum / 10));
    }
    return out;
}

std::vector<std::string> codes_shown(KithWindow& who) {
    const kith::e2e::TemporaryFolder folder;
    const auto file = folder.path() / "window.png";
    who.ask({{"cmd", "screenshot"}, {"path", file.string()}});
    return kith::test::read_qr(grey(read_png(file)));
}

/// Loopback addresses are in the ID as long as there are no others.
std::vector<std::string> loopback_addresses(int count) {
    std::vector<std::string> addresses;
    for (int i = 1; i <= count; ++i) addresses.push_back("127.0.0." + std::to_string(i));
    return addresses;
}

void check_codes(int addresses) {
    Desktop desktop;
    INFO("a picture of the desktop: " << desktop.picture_file());
    KithWindow ada(desktop, "Ada", {.listen = loopback_addresses(addresses)});
    ada.create_profile("Ada");
    ada.resize(Desktop::width, Desktop::height);
    const std::string id = ada.ask({{"cmd", "whoami"}}).at("connection_id");
    ada.click("toolbar/show-id");
    ada.wait_for("connection-id/close");
    for (const char* theme : {"dark", "light"}) {
        for (const double zoom : {0.75, 1.0, 1.25, 1.5}) {
            CAPTURE(addresses, theme, zoom);
            ada.ask({{"cmd", "set_settings"}, {"theme", theme}, {"zoom", zoom}});
            CHECK(codes_shown(ada) == std::vector{id});
        }
    }
    REQUIRE(ada.quit() == 0);
}

}  // namespace

TEST_CASE("a decoder reads the connection ID from the window") {
    if (!kith::test::can_read_qr()) SKIP(kith::test::no_qr_reader);
    check_codes(1);
    check_codes(16);
}
