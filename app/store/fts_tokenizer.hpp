// SPDX-License-Identifier: MIT
//
// How text becomes the tokens of the search index: FTS5's unicode61 (case and accents folded) for
// scripts with spaces between words; every code point a token of its own for scripts without, so
// that two Chinese characters inside a sentence are found as a phrase. Inside app/store only.
#pragma once

#include <memory>

#include "app/store/connection.hpp"

namespace kith::store {

/// Makes `tokenize = 'kith'` known to a connection. Before the index is touched.
[[nodiscard]] Expected<void> register_tokenizer(Connection& connection);

struct Token {
    std::string_view folded;  ///< as in the index; until the callback returns
    std::size_t begin = 0;    ///< bytes of the text it stands for
    std::size_t end = 0;
};

/// The tokenizer of a connection, to use outside of FTS5.
class Tokenizer {
public:
    /// Error: register_tokenizer() was not called.
    static Expected<Tokenizer> of(Connection& connection);

    /// Calls `take(const Token&)` for each until that returns false. Any bytes may come; what is
    /// not UTF-8 separates words.
    template <typename Take>
    void run(std::string_view text, Take take) const {
        run(text, &take, [](void* context, const Token& token) {
            return static_cast<bool>((*static_cast<Take*>(context))(token));
        });
    }

private:
    using Callback = bool (*)(void* context, const Token& token);
    void run(std::string_view text, void* context, Callback take) const;

    struct Delete {
        void operator()(void* instance) const;
    };
    std::unique_ptr<void, Delete> instance_;
};

}  // namespace kith::store
