// SPDX-License-Identifier: MIT
#include "app/node/reply_size.hpp"

namespace kith::node {

void shorten(model::Messages& page, std::size_t anchor) {
    auto& messages = page.messages;
    std::size_t bytes = 0;
    for (const auto& message : messages) bytes += message.text.size();
    std::size_t first = 0, end = messages.size();
    while (bytes > reply_text_max && end - first > 1) {
        const bool oldest = anchor - first >= end - anchor;
        bytes -= messages[oldest ? first++ : --end].text.size();
        (oldest ? page.more : page.more_newer) = true;
    }
    const auto at = [&](std::size_t index) {
        return messages.begin() + static_cast<std::ptrdiff_t>(index);
    };
    messages.erase(at(end), messages.end());
    messages.erase(messages.begin(), at(first));
}

void shorten(model::Hits& hits) {
    std::size_t bytes = 0, count = 0;
    for (; count < hits.hits.size(); ++count) {
        bytes += hits.hits[count].message.text.size();
        if (bytes > reply_text_max && count > 0) break;
    }
    hits.more = hits.more || count < hits.hits.size();
    hits.hits.erase(hits.hits.begin() + static_cast<std::ptrdiff_t>(count), hits.hits.end());
}

}  // namespace kith::node
