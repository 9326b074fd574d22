// SPDX-License-Identifier: MIT
//
// What a UPnP gateway says.
#pragma once

#include <string>

namespace kith::test {

inline std::string description(const std::string& control_url, const std::string& base = {}) {
    return "<?xml version=\"1.0\"?>\r\n<root xmlns=\"urn:schemas-upnp-org:device-1-0\">" + base +
           "<device><deviceType>urn:schemas-upnp-org:device:InternetGatewayDevice:1</deviceType>"
           "<deviceList><device>"
           "<deviceType>urn:schemas-upnp-org:device:WANDevice:1</deviceType><deviceList><device>"
           "<deviceType>urn:schemas-upnp-org:device:WANConnectionDevice:1</deviceType>"
           "<serviceList><service>"
           "<serviceType>urn:schemas-upnp-org:service:WANIPConnection:1</serviceType>"
           "<serviceId>urn:upnp-org:serviceId:WANIPConn1</serviceId><controlURL>" +
           control_url +
           "</controlURL><eventSubURL>/evt</eventSubURL><SCPDURL>/scpd.xml</SCPDURL>"
           "</service></serviceList></device></deviceList></device></deviceList></device></root>";
}

inline std::string soap(const std::string& inside) {
    return "<?xml version=\"1.0\"?>\r\n<s:Envelope "
           "xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><u:Response>" +
           inside + "</u:Response></s:Body></s:Envelope>";
}

inline std::string soap_fault(int code, const std::string& words) {
    return soap(
        "<s:Fault><faultcode>s:Client</faultcode><faultstring>UPnPError</faultstring>"
        "<detail><UPnPError><errorCode>" +
        std::to_string(code) + "</errorCode><errorDescription>" + words +
        "</errorDescription></UPnPError></detail></s:Fault>");
}

inline std::string http_reply(int status, const std::string& body) {
    return "HTTP/1.1 " + std::to_string(status) +
           " Words\r\nContent-Type: text/xml\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace kith::test
