// SPDX-License-Identifier: MIT
//
//   accept --> read a head --> page --> write --> FIN --> read on until theirs --> close
//      └───────────── time_max ─────────────────────────────────────────────────────┘
// Closing while their bytes still arrive would answer them with a reset, which can destroy the
// page on its way.
#include "net/relay/metrics_server.hpp"

#include <array>
#include <vector>

#include "net/reactor_impl.hpp"
#include "net/relay/status_http.hpp"
#include "net/socket_names.hpp"
#include "net/thread_affinity.hpp"

namespace kith::net {
namespace {

constexpr int accept_queue = 16;
constexpr std::string_view plain = "text/plain; charset=utf-8";

}  // namespace

struct MetricsServer::Impl {
    struct Connection {
        Impl* server = nullptr;
        uv_tcp_t tcp{};
        uv_timer_t deadline{};
        uv_write_t write{};
        uv_shutdown_t shutdown{};
        int handles = 2;  ///< tcp and deadline, until they are closed
        bool closing = false;
        std::string input;   ///< a head in the making
        std::string output;  ///< belongs to libuv until it is written; empty: no answer yet
    };

    Impl(Reactor& reactor, Pages given);
    int bind_and_listen(const SocketAddress& address);
    [[nodiscard]] std::uint16_t bound_port() const;
    void on_connection();
    void start(Connection& connection);
    void on_read(Connection& connection, ssize_t size);
    void answer(Connection& connection);
    [[nodiscard]] std::string answer_to(std::string_view head) const;
    void close(Connection& connection);
    void on_handle_closed(Connection& connection);
    void finish_shut_down();

    uv_loop_t& loop;
    Pages pages;
    ThreadAffinity affinity;
    uv_tcp_t listener{};
    bool shutting_down = false;
    bool listener_gone = false;
    std::function<void()> shut_down_done;
    std::vector<std::unique_ptr<Connection>> connections;
    std::array<char, status_http::request_max> buffer{};  ///< shared: used up before the next read
};

MetricsServer::Impl::Impl(Reactor& reactor, Pages given)
    : loop(reactor.impl().loop), pages(std::move(given)) {
    uv_tcp_init(&loop, &listener);
    listener.data = this;
}

// --- one connection ---

void MetricsServer::Impl::on_connection() {
    affinity.bind();
    auto& connection = *connections.emplace_back(std::make_unique<Connection>());
    connection.server = this;
    uv_tcp_init(&loop, &connection.tcp);
    uv_timer_init(&loop, &connection.deadline);
    connection.tcp.data = connection.deadline.data = &connection;
    connection.write.data = connection.shutdown.data = &connection;
    const bool accepted = uv_accept(as_stream(listener), as_stream(connection.tcp)) == 0;
    if (!accepted || connections.size() > connections_max) return close(connection);
    start(connection);
}

void MetricsServer::Impl::start(Connection& connection) {
    uv_timer_start(
        &connection.deadline,
        [](uv_timer_t* timer) {
            auto& late = owner_of<Connection>(timer);
            late.server->close(late);
        },
        static_cast<std::uint64_t>(std::chrono::milliseconds{time_max}.count()), 0);
    uv_read_start(
        as_stream(connection.tcp),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* out) {
            auto& shared = owner_of<Connection>(handle).server->buffer;
            *out = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
        },
        [](uv_stream_t* stream, ssize_t size, const uv_buf_t*) {
            auto& reader = owner_of<Connection>(stream);
            reader.server->on_read(reader, size);
        });
}

void MetricsServer::Impl::on_read(Connection& connection, ssize_t size) {
    if (size == 0) return;
    if (size < 0) return close(connection);
    if (!connection.output.empty()) return;  // answered: the rest is thrown away
    connection.input.append(buffer.data(), static_cast<std::size_t>(size));
    if (status_http::head_complete(connection.input) ||
        connection.input.size() > status_http::request_max)
        answer(connection);
}

std::string MetricsServer::Impl::answer_to(std::string_view head) const {
    using status_http::response;
    if (head.size() > status_http::request_max)
        return response(431, plain, "This request is too large.\n");
    const auto request = status_http::parse_request(head);
    if (request.refusal != 0) return response(request.refusal, plain, "GET only.\n");
    const auto page = pages(request.path);
    if (!page) return response(404, plain, "There is no such page.\n");
    return response(page->status, page->content_type, page->body);
}

void MetricsServer::Impl::answer(Connection& connection) {
    connection.output = answer_to(connection.input);
    connection.input = std::string();
    const uv_buf_t out =
        uv_buf_init(connection.output.data(), static_cast<unsigned>(connection.output.size()));
    int status =
        uv_write(&connection.write, as_stream(connection.tcp), &out, 1, [](uv_write_t*, int) {});
    if (status == 0)  // follows what is queued
        status = uv_shutdown(&connection.shutdown, as_stream(connection.tcp),
                             [](uv_shutdown_t*, int) {});
    if (status != 0) close(connection);
}

void MetricsServer::Impl::close(Connection& connection) {
    if (std::exchange(connection.closing, true)) return;
    const auto closed = [](uv_handle_t* handle) {
        auto& gone = owner_of<Connection>(handle);
        gone.server->on_handle_closed(gone);
    };
    uv_close(as_handle(connection.tcp), closed);
    uv_close(as_handle(connection.deadline), closed);
}

void MetricsServer::Impl::on_handle_closed(Connection& connection) {
    if (--connection.handles > 0) return;
    std::erase_if(connections, [&](const auto& one) { return one.get() == &connection; });
    finish_shut_down();
}

// --- the whole ---

int MetricsServer::Impl::bind_and_listen(const SocketAddress& address) {
    const auto name = to_sockaddr(address);
    const int status = uv_tcp_bind(&listener, as_sockaddr(name), 0);
    if (status != 0) return status;
    return uv_listen(as_stream(listener), accept_queue, [](uv_stream_t* stream, int error) {
        if (error == 0) owner_of<Impl>(stream).on_connection();
    });
}

std::uint16_t MetricsServer::Impl::bound_port() const {
    sockaddr_storage name{};
    int size = sizeof name;
    if (uv_tcp_getsockname(&listener, reinterpret_cast<sockaddr*>(&name), &size) != 0) return 0;
    return from_sockaddr(as_sockaddr(name)).port;
}

void MetricsServer::Impl::finish_shut_down() {
    if (!shutting_down || !listener_gone || !connections.empty()) return;
    if (const auto done = std::exchange(shut_down_done, nullptr)) done();
}

MetricsServer::MetricsServer(Reactor& reactor, Pages pages)
    : impl_(std::make_unique<Impl>(reactor, std::move(pages))) {}
MetricsServer::~MetricsServer() = default;

tl::expected<std::uint16_t, std::string> MetricsServer::listen(const ListenPlace& place) {
    impl_->affinity.check();
    const auto address = parse_numeric(place.address, place.port);
    if (!address) return tl::unexpected("\"" + place.address + "\" is not a numeric address.");
    if (const int status = impl_->bind_and_listen(*address); status != 0)
        return tl::unexpected("Cannot answer for metrics on " + to_string(*address) + ": " +
                              uv_strerror(status) + ".");
    return impl_->bound_port();
}

void MetricsServer::shut_down(std::function<void()> done) {
    impl_->affinity.check();
    impl_->shutting_down = true;
    impl_->shut_down_done = std::move(done);
    for (const auto& connection : impl_->connections) impl_->close(*connection);
    uv_close(as_handle(impl_->listener), [](uv_handle_t* handle) {
        auto& impl = owner_of<Impl>(handle);
        impl.listener_gone = true;
        impl.finish_shut_down();
    });
}

}  // namespace kith::net
