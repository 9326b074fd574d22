// SPDX-License-Identifier: MIT
//
// A thread for what is slow and belongs to nobody else: deriving keys from passwords, writing
// files. Tasks run one after the other, in the order they were given.
//
//   network thread                    worker thread
//   submit(task) -- task -->          task()
//   drain(): answer() <-- answer --   wake()
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace kith::host {

class Worker {
public:
    using Answer = std::function<void()>;  ///< runs on the network thread
    using Task = std::function<Answer()>;  ///< runs on the worker's thread; never throws
    /// Tasks and answers on their way, at any time.
    static constexpr std::size_t tasks_max = 64;

    /// `wake` is called on the worker's thread when there is something to drain().
    explicit Worker(std::function<void()> wake);
    ~Worker();  ///< stops; answers nobody has drained are dropped
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Network thread. False: too many already, or stopped; the task is then not run.
    [[nodiscard]] bool submit(Task task);
    /// Network thread: gives the answers of what has ended.
    void drain();
    /// Ends what was submitted and waits for it; drain() afterwards gives the remaining answers.
    /// The network thread, or another one once that has ended.
    void stop_and_join();

private:
    void run();

    const std::function<void()> wake_;
    std::size_t on_their_way_ = 0;  ///< network thread only
    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task> tasks_;
    std::deque<Answer> answers_;
    bool stopping_ = false;
    std::thread thread_;  ///< last: it uses all of the above
};

}  // namespace kith::host
