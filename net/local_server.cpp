// SPDX-License-Identifier: MIT
#include "net/local_server.hpp"

#include <algorithm>
#include <unordered_map>

#include "net/local_socket.hpp"
#include "net/reactor_impl.hpp"
#include "net/thread_affinity.hpp"

namespace kith::net {
namespace {

constexpr int accept_queue = 64;
constexpr std::uint64_t flush_on_exit_ms = 1000;
constexpr std::size_t read_size = 64 << 10;

uv_buf_t to_buffer(std::string& text) {
    return uv_buf_init(text.data(), static_cast<unsigned>(text.size()));
}

}  // namespace

struct LocalServer::Impl {
    struct Client {
        Impl* server = nullptr;
        ClientId id = 0;
        uv_pipe_t pipe{};
        uv_write_t write{};
        std::string input;      ///< an incomplete line
        std::string held;       ///< read, but to be looked at when output has drained
        bool skipping = false;  ///< the rest of a line above line_max
        std::string output;     ///< for the next write
        std::string writing;    ///< owned by libuv until the callback
        bool queued_for_flush = false;
        bool paused = false;
        bool closed = false;
        [[nodiscard]] std::size_t queued() const noexcept { return output.size() + writing.size(); }
    };

    Impl(Reactor& reactor, Handler& handler_);
    void on_connection();
    void start_reading(Client& client);
    void on_read(Client& client, ssize_t size, const uv_buf_t* buffer);
    void on_input(Client& client, std::string_view bytes);
    void on_line_end(Client& client, std::string_view last_part);
    void keep_part(Client& client, std::string_view part);
    void flush();
    void write(Client& client);
    void on_written(Client& client, int status);
    void bound(Client& client);
    void drop(Client& client);
    [[nodiscard]] Client* find(ClientId id) const;
    void finish_shut_down();
    void close_handles();

    uv_loop_t& loop;
    Handler& handler;
    ThreadAffinity affinity;
    std::string path;
    uv_pipe_t listener{};
    uv_prepare_t prepare{};
    uv_timer_t timer{};
    int own_handles = 3;
    bool listening = false;
    bool shutting_down = false;
    bool handles_closing = false;
    std::function<void()> shut_down_done;
    std::unordered_map<ClientId, std::unique_ptr<Client>> clients;
    std::vector<ClientId> dirty;
    ClientId last_id = 0;
    std::vector<char> buffer = std::vector<char>(read_size);
};

LocalServer::Impl::Impl(Reactor& reactor, Handler& handler_)
    : loop(reactor.impl().loop), handler(handler_) {
    uv_pipe_init(&loop, &listener, 0);
    uv_prepare_init(&loop, &prepare);
    uv_timer_init(&loop, &timer);
    listener.data = prepare.data = timer.data = this;
    uv_prepare_start(&prepare, [](uv_prepare_t* handle) { owner_of<Impl>(handle).flush(); });
}

LocalServer::Impl::Client* LocalServer::Impl::find(ClientId id) const {
    const auto found = clients.find(id);
    const bool usable = found != clients.end() && !found->second->closed;
    return usable ? found->second.get() : nullptr;
}

// --- clients ---

void LocalServer::Impl::on_connection() {
    auto client = std::make_unique<Client>();
    client->server = this;
    client->id = ++last_id;
    uv_pipe_init(&loop, &client->pipe, 0);
    client->pipe.data = client->write.data = client.get();
    Client& added = *client;
    clients.emplace(added.id, std::move(client));
    const bool accepted = uv_accept(as_stream(listener), as_stream(added.pipe)) == 0;
    if (!accepted || clients.size() > clients_max || shutting_down) {
        added.closed = true;
        uv_close(as_handle(added.pipe), [](uv_handle_t* handle) {
            auto& refused = owner_of<Client>(handle);
            refused.server->clients.erase(refused.id);
        });
        return;
    }
    handler.on_client(added.id);
    if (!added.closed) start_reading(added);
}

void LocalServer::Impl::start_reading(Client& client) {
    uv_read_start(
        as_stream(client.pipe),
        [](uv_handle_t* handle, std::size_t, uv_buf_t* out) {
            auto& shared = owner_of<Client>(handle).server->buffer;
            *out = uv_buf_init(shared.data(), static_cast<unsigned>(shared.size()));
        },
        [](uv_stream_t* stream, ssize_t size, const uv_buf_t* in) {
            auto& reader = owner_of<Client>(stream);
            reader.server->on_read(reader, size, in);
        });
}

void LocalServer::Impl::drop(Client& client) {
    if (std::exchange(client.closed, true)) return;
    uv_close(as_handle(client.pipe), [](uv_handle_t* handle) {
        auto& gone = owner_of<Client>(handle);
        Impl& server = *gone.server;
        server.handler.on_client_gone(gone.id);
        server.clients.erase(gone.id);
        server.finish_shut_down();
    });
}

// --- input ---

void LocalServer::Impl::on_read(Client& client, ssize_t size, const uv_buf_t* in) {
    if (size == 0) return;
    if (size < 0) return drop(client);
    on_input(client, {in->base, static_cast<std::size_t>(size)});
}

void LocalServer::Impl::on_input(Client& client, std::string_view bytes) {
    while (!bytes.empty() && !client.closed) {
        if (client.paused) {
            client.held.assign(bytes);  // at most one read buffer: reading has stopped
            return;
        }
        const auto newline = bytes.find('\n');
        if (newline == std::string_view::npos) return keep_part(client, bytes);
        on_line_end(client, bytes.substr(0, newline));
        bytes.remove_prefix(newline + 1);
    }
}

void LocalServer::Impl::keep_part(Client& client, std::string_view part) {
    if (client.skipping) return;
    client.skipping = client.input.size() + part.size() > line_max;
    if (client.skipping) {
        client.input = std::string();
    } else {
        client.input += part;
    }
}

void LocalServer::Impl::on_line_end(Client& client, std::string_view last_part) {
    keep_part(client, last_part);
    if (std::exchange(client.skipping, false)) return handler.on_oversized_line(client.id);
    const std::string line = std::exchange(client.input, {});
    handler.on_line(client.id, line);
}

// --- output ---

void LocalServer::send_line(ClientId id, std::string line) {
    impl_->affinity.check();
    Impl::Client* client = impl_->find(id);
    if (client == nullptr) return;
    if (client->output.empty()) {
        client->output = std::move(line);
    } else {
        client->output += line;
    }
    client->output += '\n';
    if (!std::exchange(client->queued_for_flush, true)) impl_->dirty.push_back(id);
    impl_->bound(*client);
}

void LocalServer::Impl::bound(Client& client) {
    if (client.closed) return;
    if (client.queued() > output_max) return drop(client);
    const bool pause = client.queued() > output_high;
    if (pause == client.paused || shutting_down) return;
    client.paused = pause;
    if (pause) {
        uv_read_stop(as_stream(client.pipe));
        return;
    }
    const std::string rest = std::exchange(client.held, {});
    on_input(client, rest);
    if (!client.paused && !client.closed) start_reading(client);
}

void LocalServer::Impl::flush() {
    affinity.bind();
    for (const ClientId id : std::exchange(dirty, {})) {
        Client* client = find(id);
        if (client == nullptr) continue;
        client->queued_for_flush = false;
        if (client->writing.empty()) write(*client);
    }
}

void LocalServer::Impl::write(Client& client) {
    if (client.output.empty() || client.closed) return;
    client.writing = std::exchange(client.output, {});
    const uv_buf_t out = to_buffer(client.writing);
    const int status = uv_write(&client.write, as_stream(client.pipe), &out, 1,
                                [](uv_write_t* request, int result) {
                                    auto& writer = owner_of<Client>(request);
                                    writer.server->on_written(writer, result);
                                });
    if (status != 0) drop(client);
}

void LocalServer::Impl::on_written(Client& client, int status) {
    client.writing = std::string();
    if (status != 0) return drop(client);
    write(client);
    bound(client);
    if (client.queued() != 0) return;
    if (shutting_down) return drop(client);
    if (!client.closed) handler.on_drained(client.id);
}

// --- the whole ---

LocalServer::LocalServer(Reactor& reactor, Handler& handler)
    : impl_(std::make_unique<Impl>(reactor, handler)) {}
LocalServer::~LocalServer() = default;

tl::expected<void, std::string> LocalServer::listen(const std::string& path) {
    impl_->affinity.check();
    auto socket = bind_local(path);
    if (!socket) return tl::unexpected(std::move(socket.error()));
    int status = uv_pipe_open(&impl_->listener, *socket);
    if (status == 0) {
        status =
            uv_listen(as_stream(impl_->listener), accept_queue, [](uv_stream_t* stream, int error) {
                if (error == 0) owner_of<Impl>(stream).on_connection();
            });
    }
    if (status != 0) {
        return tl::unexpected("Cannot listen on " + path + ": " + uv_strerror(status) + ".");
    }
    impl_->path = path;
    impl_->listening = true;
    return {};
}

std::size_t LocalServer::queued(ClientId id) const {
    const Impl::Client* client = impl_->find(id);
    return client == nullptr ? 0 : client->queued();
}

void LocalServer::shut_down(std::function<void()> done) {
    impl_->affinity.check();
    impl_->shutting_down = true;
    impl_->shut_down_done = std::move(done);
    if (impl_->listening) remove_local(impl_->path);
    impl_->flush();
    std::vector<Impl::Client*> idle;
    for (const auto& [id, client] : impl_->clients) {
        uv_read_stop(as_stream(client->pipe));
        if (client->queued() == 0) idle.push_back(client.get());
    }
    for (Impl::Client* client : idle) impl_->drop(*client);
    uv_timer_start(
        &impl_->timer,
        [](uv_timer_t* timer) {
            auto& impl = owner_of<Impl>(timer);
            for (const auto& [id, client] : impl.clients) impl.drop(*client);
        },
        flush_on_exit_ms, 0);
    impl_->finish_shut_down();
}

/// Clients first, then what served them.
void LocalServer::Impl::finish_shut_down() {
    if (!shutting_down || !clients.empty() || std::exchange(handles_closing, true)) return;
    close_handles();
}

void LocalServer::Impl::close_handles() {
    const auto closed = [](uv_handle_t* handle) {
        auto& impl = owner_of<Impl>(handle);
        if (--impl.own_handles > 0) return;
        const auto done = std::move(impl.shut_down_done);
        if (done) done();
    };
    uv_close(as_handle(listener), closed);
    uv_close(as_handle(prepare), closed);
    uv_close(as_handle(timer), closed);
}

}  // namespace kith::net
