// SPDX-License-Identifier: MIT
#include <zbar.h>

#include <memory>
#include <stdexcept>

#include "tests/qr/qr_reader.hpp"

namespace kith::test {
namespace {

constexpr unsigned long grey_format = zbar_fourcc('Y', '8', '0', '0');

template <class T, void destroy(T*)>
struct Destroy {
    void operator()(T* what) const { destroy(what); }
};
using Scanner =
    std::unique_ptr<zbar::zbar_image_scanner_t,
                    Destroy<zbar::zbar_image_scanner_t, zbar::zbar_image_scanner_destroy>>;
using Image =
    std::unique_ptr<zbar::zbar_image_t, Destroy<zbar::zbar_image_t, zbar::zbar_image_destroy>>;

/// For QR codes alone: stripes of other codes may be anywhere by chance.
Scanner make_scanner() {
    Scanner scanner(zbar::zbar_image_scanner_create());
    zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_NONE, zbar::ZBAR_CFG_ENABLE, 0);
    zbar::zbar_image_scanner_set_config(scanner.get(), zbar::ZBAR_QRCODE, zbar::ZBAR_CFG_ENABLE, 1);
    return scanner;
}

/// Points into `picture`.
Image make_image(const GreyPicture& picture) {
    Image image(zbar::zbar_image_create());
    zbar::zbar_image_set_format(image.get(), grey_format);
    zbar::zbar_image_set_size(image.get(), static_cast<unsigned>(picture.width),
                              static_cast<unsigned>(picture.height));
    zbar::zbar_image_set_data(image.get(), picture.pixels.data(), picture.pixels.size(), nullptr);
    return image;
}

}  // namespace

bool can_read_qr() { return true; }

std::vector<std::string> read_qr(const GreyPicture& picture) {
    const Scanner scanner = make_scanner();
    const Image image = make_image(picture);
    if (zbar::zbar_scan_image(scanner.get(), image.get()) < 0)
        throw std::runtime_error("the decoder refuses the picture");
    std::vector<std::string> texts;
    for (const auto* symbol = zbar::zbar_image_first_symbol(image.get()); symbol;
         symbol = zbar::zbar_symbol_next(symbol))
        texts.emplace_back(zbar::zbar_symbol_get_data(symbol),
                           zbar::zbar_symbol_get_data_length(symbol));
    return texts;
}

}  // namespace kith::test
