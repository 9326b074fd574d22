// SPDX-License-Identifier: MIT
#include "app/host/worker.hpp"

namespace kith::host {

Worker::Worker(std::function<void()> wake) : wake_(std::move(wake)), thread_([this] { run(); }) {}

Worker::~Worker() { stop_and_join(); }

bool Worker::submit(Task task) {
    if (on_their_way_ >= tasks_max) return false;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return false;
        tasks_.push_back(std::move(task));
    }
    ++on_their_way_;
    changed_.notify_one();
    return true;
}

void Worker::drain() {
    std::deque<Answer> answers;
    {
        const std::lock_guard lock(mutex_);
        answers.swap(answers_);
    }
    on_their_way_ -= answers.size();
    for (const auto& answer : answers) {
        if (answer) answer();
    }
}

void Worker::stop_and_join() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Worker::run() {
    for (;;) {
        Task task;
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return stopping_ || !tasks_.empty(); });
            if (tasks_.empty()) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        auto answer = task();
        task = nullptr;  // what it holds may be secret, and goes before the answer is given
        {
            const std::lock_guard lock(mutex_);
            answers_.push_back(std::move(answer));
        }
        if (wake_) wake_();
    }
}

}  // namespace kith::host
