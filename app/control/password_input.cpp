// SPDX-License-Identifier: MIT
#include "app/control/password_input.hpp"

#include <fstream>

#include "app/control/terminal.hpp"
#include "app/model/types.hpp"

namespace kith::control {
namespace {

using Password = tl::expected<std::string, std::string>;

Password checked(std::string password, const std::string& source) {
    if (password.size() <= model::password_max) return password;
    return tl::unexpected(source + " has more than " + std::to_string(model::password_max) +
                          " bytes.");
}

Password first_line_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    std::string text(model::password_max + 2, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    text.resize(std::min(text.find('\n'), text.size()));
    if (text.empty()) {
        return tl::unexpected("The first line of \"" + file +
                              "\" is to be the password, but the file cannot be read or begins "
                              "with an empty line.");
    }
    return checked(std::move(text), "The first line of \"" + file + "\"");
}

Password ask(const std::string& prompt, const std::string& file_option) {
    if (!can_ask()) {
        return tl::unexpected("Standard input is no terminal to ask for a password on; " +
                              file_option + " FILE takes one from a file.");
    }
    auto answer = ask_without_echo(prompt);
    if (!answer || answer->empty()) return tl::unexpected(std::string("No password was given."));
    return checked(std::move(*answer), "The password");
}

}  // namespace

Password read_password(const std::optional<std::string>& file, const std::string& prompt,
                       const std::string& file_option) {
    return file ? first_line_of(*file) : ask(prompt, file_option);
}

Password read_new_password(const std::optional<std::string>& file, const std::string& prompt,
                           const std::string& file_option) {
    if (file) return first_line_of(*file);
    constexpr int tries = 3;
    for (int i = 0; i < tries; ++i) {
        auto first = ask(prompt, file_option);
        if (!first) return first;
        const auto second = ask("Once more: ", file_option);
        if (!second || *second == *first) return second;
    }
    return tl::unexpected(std::string("The two passwords differ."));
}

}  // namespace kith::control
