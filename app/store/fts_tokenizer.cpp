// SPDX-License-Identifier: MIT
#include "app/store/fts_tokenizer.hpp"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <array>
#include <limits>

#include "app/store/fts_script.hpp"

namespace kith::store {
namespace {

// Combining marks belong to words: Devanagari writes its vowels with them. Accents among them are
// folded away.
constexpr std::array<const char*, 4> word_arguments{"remove_diacritics", "2", "categories",
                                                    "L* N* Co M*"};

/// What FTS5 calls back for each token.
using Sink = int (*)(void*, int, const char*, int, int, int);

/// An instance of our tokenizer: one of unicode61 to give the words to.
struct Instance {
    fts5_tokenizer words{};
    Fts5Tokenizer* inner = nullptr;
};

/// One call of xTokenize.
struct Pass {
    const Instance& instance;
    int flags;
    const char* text;
    int size;
    void* context;
    Sink sink;
};

/// A stretch of words within a pass.
struct Stretch {
    const Pass& pass;
    int offset;
};

/// Letters and points that are folded here are two bytes before and after.
void fold_further(const char* token, int size, std::string& out) {
    std::string_view left(token, static_cast<std::size_t>(size));
    while (!left.empty()) {
        const CodePoint next = decode(left);
        const char32_t value = next.size == 2 ? folded(next.value) : next.value;
        if (next.size != 2 || value == next.value) {
            out.append(left.substr(0, next.size));
        } else if (value != 0) {
            out += static_cast<char>(0xC0 | (value >> 6));
            out += static_cast<char>(0x80 | (value & 63));
        }
        left.remove_prefix(next.size);
    }
}

/// Lead bytes of Greek (CE, CF), Cyrillic io (D1), Hebrew (D6, D7) and Arabic (D8 to DB).
bool may_fold_further(const char* token, int size) {
    return std::any_of(token, token + size, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte >= 0xCE && byte <= 0xDB && byte != 0xD0;
    });
}

int take_word(void* context, int flags, const char* token, int size, int begin, int end) {
    const auto& stretch = *static_cast<const Stretch*>(context);
    const auto& pass = stretch.pass;
    std::string further;
    if (may_fold_further(token, size)) {
        fold_further(token, size, further);
        token = further.data();
        size = static_cast<int>(further.size());
    }
    if (size == 0) return SQLITE_OK;  // a lone accent
    return pass.sink(pass.context, flags, token, size, stretch.offset + begin,
                     stretch.offset + end);
}

int give_words(const Pass& pass, int begin, int end) {
    if (begin == end) return SQLITE_OK;
    Stretch stretch{pass, begin};
    return pass.instance.words.xTokenize(pass.instance.inner, &stretch, pass.flags,
                                         pass.text + begin, end - begin, take_word);
}

int give_single(const Pass& pass, int begin, int size) {
    return pass.sink(pass.context, 0, pass.text + begin, size, begin, begin + size);
}

int walk(const Pass& pass) {
    int words = 0;  // where the words not yet given begin
    for (int at = 0; at < pass.size;) {
        const CodePoint next = decode({pass.text + at, static_cast<std::size_t>(pass.size - at)});
        const auto size = static_cast<int>(next.size);
        const Role role = next.valid ? role_of(next.value) : Role::hidden;
        if (role != Role::word) {
            if (const int code = give_words(pass, words, at); code != SQLITE_OK) return code;
            if (role == Role::single)
                if (const int code = give_single(pass, at, size); code != SQLITE_OK) return code;
            words = at + size;
        }
        at += size;
    }
    return give_words(pass, words, pass.size);
}

int tokenize(Fts5Tokenizer* self, void* context, int flags, const char* text, int size, Sink sink) {
    if (text == nullptr) return SQLITE_OK;
    return walk({*reinterpret_cast<Instance*>(self), flags, text, size, context, sink});
}

void destroy(Fts5Tokenizer* self) {
    const std::unique_ptr<Instance> instance(reinterpret_cast<Instance*>(self));
    if (instance && instance->inner != nullptr) instance->words.xDelete(instance->inner);
}

int create(void* api_pointer, const char**, int, Fts5Tokenizer** out) {
    auto* const api = static_cast<fts5_api*>(api_pointer);
    auto instance = std::make_unique<Instance>();
    void* user_data = nullptr;
    int code = api->xFindTokenizer(api, "unicode61", &user_data, &instance->words);
    if (code != SQLITE_OK) return code;
    auto arguments = word_arguments;
    code = instance->words.xCreate(user_data, arguments.data(), static_cast<int>(arguments.size()),
                                   &instance->inner);
    if (code == SQLITE_OK) *out = reinterpret_cast<Fts5Tokenizer*>(instance.release());
    return code;
}

/// The door FTS5 has for extensions (sqlite.org/fts5.html, "Extending FTS5").
fts5_api* find_api(sqlite3* handle) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

tl::unexpected<Error> no_search() {
    return fail(Errc::io,
                "This build of SQLCipher lacks the full-text search (FTS5) that Kith needs. "
                "Install Kith again.");
}

struct Outside {
    void* context;
    bool (*take)(void*, const Token&);
};

int take_outside(void* context, int, const char* token, int size, int begin, int end) {
    const auto& outside = *static_cast<const Outside*>(context);
    const Token one{{token, static_cast<std::size_t>(size)},
                    static_cast<std::size_t>(begin),
                    static_cast<std::size_t>(end)};
    return outside.take(outside.context, one) ? SQLITE_OK : SQLITE_DONE;
}

}  // namespace

Expected<void> register_tokenizer(Connection& connection) {
    fts5_api* const api = find_api(connection.handle());
    if (api == nullptr) return no_search();
    fts5_tokenizer functions{create, destroy, tokenize};
    if (api->xCreateTokenizer(api, "kith", api, &functions, nullptr) != SQLITE_OK)
        return tl::unexpected(connection.error());
    return {};
}

Expected<Tokenizer> Tokenizer::of(Connection& connection) {
    fts5_api* const api = find_api(connection.handle());
    if (api == nullptr) return no_search();
    Fts5Tokenizer* made = nullptr;
    if (create(api, nullptr, 0, &made) != SQLITE_OK) return no_search();
    Tokenizer tokenizer;
    tokenizer.instance_.reset(made);
    return tokenizer;
}

void Tokenizer::run(std::string_view text, void* context, Callback take) const {
    constexpr std::size_t most = std::numeric_limits<int>::max();
    Outside outside{context, take};
    tokenize(static_cast<Fts5Tokenizer*>(instance_.get()), &outside, FTS5_TOKENIZE_AUX, text.data(),
             static_cast<int>(std::min(text.size(), most)), take_outside);
}

void Tokenizer::Delete::operator()(void* instance) const {
    destroy(static_cast<Fts5Tokenizer*>(instance));
}

}  // namespace kith::store
