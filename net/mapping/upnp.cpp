// SPDX-License-Identifier: MIT
#include "net/mapping/upnp.hpp"

#include <miniupnpc/igd_desc_parse.h>
#include <miniupnpc/miniupnpc.h>
#include <miniupnpc/upnpreplyparse.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>

#include "net/mapping/router_words.hpp"

namespace kith::net::upnp {
namespace {

constexpr std::array<const char*, 3> kinds{"urn:schemas-upnp-org:service:WANIPConnection:1",
                                           "urn:schemas-upnp-org:service:WANIPConnection:2",
                                           "urn:schemas-upnp-org:service:WANPPPConnection:1"};

/// miniupnpc keeps texts in arrays that a long one fills to the last byte.
template <std::size_t N>
std::string bounded(const char (&text)[N]) {
    return {text, std::find(text, text + N, '\0')};
}

/// `reference` as it is written in a description that came from `base`.
std::optional<http::Url> resolved(const std::string& reference, const http::Url& base) {
    if (reference.find("://") != std::string::npos) return http::parse_url(reference);
    std::string folder = base.path.substr(0, base.path.rfind('/') + 1);
    const bool absolute = !reference.empty() && reference.front() == '/';
    return http::parse_url("http://" + to_string(base.host) + (absolute ? "" : folder) + reference);
}

void add(std::vector<Service>& found, const IGDdatas_service& service, const http::Url& base,
         const Bytes& router) {
    Service result;
    result.type = bounded(service.servicetype);
    if (std::ranges::find(kinds, result.type) == kinds.end()) return;
    const std::string reference = bounded(service.controlurl);
    const auto control = resolved(reference, base);
    if (reference.empty() || !control || control->host.address != router) return;
    result.control = *control;
    found.push_back(std::move(result));
}

/// The names and values of a SOAP answer.
class Values {
public:
    explicit Values(const std::string& body) {
        ParseNameValue(body.data(), static_cast<int>(body.size()), &data_);
    }
    ~Values() { ClearNameValueList(&data_); }
    Values(const Values&) = delete;
    Values& operator=(const Values&) = delete;
    [[nodiscard]] std::string at(const char* name) {
        const char* found = GetValueFromNameValueList(&data_, name);
        return found == nullptr ? "" : found;
    }

private:
    NameValueParserData data_{};
};

}  // namespace

std::vector<std::string> searches() {
    std::vector<std::string> result;
    for (const char* target : {"urn:schemas-upnp-org:device:InternetGatewayDevice:1",
                               "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
                               "urn:schemas-upnp-org:service:WANIPConnection:1",
                               "urn:schemas-upnp-org:service:WANPPPConnection:1"}) {
        result.push_back(
            "M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMAN: \"ssdp:discover\"\r\n"
            "MX: 1\r\nST: " +
            std::string(target) + "\r\n\r\n");
    }
    return result;
}

std::optional<http::Url> location(std::string_view answer, const Bytes& router) {
    if (!answer.starts_with("HTTP/1.1 200")) return std::nullopt;
    const auto text = http::header(answer, "location");
    const auto url = text ? http::parse_url(*text) : std::nullopt;
    if (!url || url->host.address != router) return std::nullopt;
    return url;
}

std::vector<Service> services(const std::string& description, const http::Url& from) {
    const auto data = std::make_unique<IGDdatas>();
    parserootdesc(description.data(), static_cast<int>(description.size()), data.get());
    http::Url base = from;
    const std::string stated = bounded(data->urlbase);
    if (const auto other = http::parse_url(stated)) base = *other;
    std::vector<Service> found;
    add(found, data->first, base, from.host.address);
    add(found, data->second, base, from.host.address);
    return found;
}

std::string call(const Service& service, const std::string& action, const Arguments& arguments) {
    std::string body =
        "<?xml version=\"1.0\"?>\r\n<s:Envelope "
        "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\" "
        "s:encodingStyle=\"http://schemas.xmlsoap.org/soap/encoding/\"><s:Body><u:" +
        action + " xmlns:u=\"" + service.type + "\">";
    for (const auto& [name, text] : arguments)
        body.append("<").append(name).append(">").append(text).append("</").append(name).append(
            ">");
    body += "</u:" + action + "></s:Body></s:Envelope>\r\n";
    return http::post(service.control, service.type + "#" + action, body);
}

std::string value(const std::string& body, const char* name) { return Values(body).at(name); }

Fault fault(const std::string& body) {
    Values values(body);
    const std::string code = values.at("errorCode");
    Fault result{0, made_safe(values.at("errorDescription"))};
    (void)std::from_chars(code.data(), code.data() + code.size(), result.code);
    return result;
}

}  // namespace kith::net::upnp
