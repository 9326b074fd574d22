// SPDX-License-Identifier: MIT
#include "crypto/pasted_text.hpp"

#include <algorithm>

#include "crypto/encoding.hpp"
#include "crypto/kdf.hpp"

namespace kith::crypto {
namespace {

// Specification.
constexpr std::size_t checksum_size = 4;

// Choice: text that is longer, white space included, was not meant to be pasted here.
constexpr std::size_t pasted_text_max = 64 * 1024;

bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::string capital(std::string_view name) { return std::string("This ") + std::string(name); }

Result<std::string> without_spaces(const PastedKind& kind, std::string_view text) {
    std::string out;
    if (text.size() <= pasted_text_max)
        std::ranges::copy_if(text, std::back_inserter(out), [](char c) { return !is_space(c); });
    if (text.size() > pasted_text_max || out.size() > kind.text_max)
        return fail(Errc::limits, "This text is too long to be a " + std::string(kind.name) + ".");
    return out;
}

}  // namespace

tl::unexpected<Error> malformed_pasted(const PastedKind& kind) {
    return fail(Errc::malformed, "This is not a " + std::string(kind.name) +
                                     ". Copy it again, from \"" + std::string(kind.prefix) +
                                     "\" to its end.");
}

std::string format_pasted(const PastedKind& kind, Bytes fields) {
    append(fields, ByteView(sha256({fields})).first(checksum_size));
    return std::string(kind.prefix) + to_base64url(fields);
}

Result<Bytes> parse_pasted(const PastedKind& kind, std::string_view text) {
    const auto compact = without_spaces(kind, text);
    if (!compact) return tl::unexpected(compact.error());
    if (!compact->starts_with(kind.prefix)) return malformed_pasted(kind);
    const auto body = from_base64url(std::string_view(*compact).substr(kind.prefix.size()));
    if (!body || body->size() < kind.fields_least + checksum_size) return malformed_pasted(kind);
    const ByteView fields = ByteView(*body).first(body->size() - checksum_size);
    const Digest256 digest = sha256({fields});
    if (!std::ranges::equal(ByteView(*body).last(checksum_size),
                            ByteView(digest).first(checksum_size)))
        return fail(Errc::checksum, capital(kind.name) + " was damaged on its way. Copy it again.");
    if (fields[0] != kind.version)
        return fail(Errc::newer_version,
                    capital(kind.name) + " was made by a newer Kith. Update yours to use it.");
    return Bytes(fields.begin() + 1, fields.end());
}

}  // namespace kith::crypto
