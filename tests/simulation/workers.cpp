// Nothing but plain memory is shared; whoever takes a seed finishes it.
#include "tests/simulation/workers.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace callboard::simulation {

namespace {

using clock = std::chrono::steady_clock;

constexpr unsigned most_jobs = 256;
constexpr auto none = std::numeric_limits<std::uint64_t>::max();

double since(clock::time_point then) {
  return std::chrono::duration<double>(clock::now() - then).count();
}

/// What one worker writes and the parent reads.
struct desk {
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> at{none}; ///< The number of the seed under way.
  std::uint64_t failed = none;         ///< The number of its seed that failed.
  std::array<char, 600> what{};        ///< And how.
  tally sum;
};

/// Shared by all processes of a run.
struct office {
  std::atomic<std::uint64_t> next{0};
  std::atomic<std::uint64_t> first_failed{none};
  std::array<desk, most_jobs> desks;

  /// All smaller numbers have been taken, and are finished before their workers stop: therefore the
  /// smallest that fails is found.
  void fail(desk& mine, std::uint64_t number, const std::string& what) {
    mine.failed = number;
    std::strncpy(mine.what.data(), what.c_str(), mine.what.size() - 1);
    auto known = first_failed.load();
    while (number < known && !first_failed.compare_exchange_weak(known, number))
      ;
  }
};

struct unmap {
  void operator()(office* what) const { (void)munmap(what, sizeof(office)); }
};
using shared_office = std::unique_ptr<office, unmap>;

shared_office open_office() {
  void* const at =
    mmap(nullptr, sizeof(office), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (at == MAP_FAILED) // NOLINT: the system's macro
    throw std::runtime_error{"no memory for the workers"};
  return shared_office{new (at) office};
}

void work(office& all, desk& mine, const stretch& seeds, clock::time_point began, bool trace) {
  while (seeds.seconds == 0 || since(began) < seeds.seconds) {
    const auto number = all.next.fetch_add(1);
    if (number >= seeds.count || number > all.first_failed.load())
      return;
    mine.at.store(number);
    const auto seed = seeds.seed(number);
    const auto found = simulate(draw_plan(seed), trace);
    mine.sum.add(seed, found);
    mine.at.store(none);
    mine.done.fetch_add(1);
    if (!found.violation.empty())
      return all.fail(mine, number, found.violation);
  }
}

pid_t start_child(const std::function<int()>& body) {
  (void)std::fflush(nullptr);
  const auto parent = getpid();
  const auto child = fork();
  if (child < 0)
    throw std::runtime_error{"fork failed"};
  if (child > 0)
    return child;
  // Whoever kills the run by its number ends all of it.
  (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::exit(getppid() == parent ? body() : 70); // as main does: leaks are looked for
}

std::string cause_of(int status) {
  if (WIFSIGNALED(status))
    return std::string{"the process died: "} + strsignal(WTERMSIG(status));
  return "the process ended with exit code " + std::to_string(WEXITSTATUS(status));
}

class progress {
public:
  progress(const office& all, unsigned jobs, const stretch& seeds, clock::time_point began)
    : all_{all}, jobs_{jobs}, seeds_{seeds}, began_{began}, live_{isatty(STDERR_FILENO) == 1} {}

  /// A line every 5 s, or every minute into a file; none of a short run.
  void tell() {
    const auto spent = since(began_);
    if (spent < next_)
      return;
    next_ = spent + (live_ ? 5 : 60);
    std::uint64_t done = 0;
    for (unsigned i = 0; i < jobs_; ++i)
      done += all_.desks.at(i).done.load();
    const auto rate = static_cast<double>(done) / spent;
    auto left = seeds_.seconds - spent;
    if (seeds_.seconds == 0)
      left = static_cast<double>(seeds_.count - done) / std::max(rate, 0.1);
    (void)std::fprintf(stderr, "%s%llu seeds hold, %.0f seeds/s, %.0f s left%s", live_ ? "\r" : "",
                       static_cast<unsigned long long>(done), rate, std::max(left, 0.0),
                       live_ ? "   " : "\n");
    (void)std::fflush(stderr);
    told_ = true;
  }

  void end() const {
    if (told_ && live_)
      (void)std::fprintf(stderr, "\n");
  }

private:
  const office& all_;
  unsigned jobs_;
  const stretch& seeds_;
  clock::time_point began_;
  bool live_;
  double next_ = 5;
  bool told_ = false;
};

void watch_workers(office& all, std::vector<pid_t> children, progress& shown) {
  for (auto left = children.size(); left > 0;) {
    constexpr timespec second{1, 0};
    sigset_t child_signal;
    (void)sigemptyset(&child_signal);
    (void)sigaddset(&child_signal, SIGCHLD);
    (void)sigtimedwait(&child_signal, nullptr, &second); // blocked by run_by_workers()
    shown.tell();
    int status = 0;
    for (auto ended = waitpid(-1, &status, WNOHANG); ended > 0;
         ended = waitpid(-1, &status, WNOHANG)) {
      --left;
      const auto place = std::ranges::find(children, ended) - children.begin();
      auto& its = all.desks.at(static_cast<std::size_t>(place));
      if (status != 0)
        all.fail(its, std::min(its.at.load(), none - 1), cause_of(status));
    }
  }
}

void run_by_workers(office& all, unsigned jobs, const stretch& seeds, clock::time_point began) {
  sigset_t child_signal;
  sigset_t before;
  (void)sigemptyset(&child_signal);
  (void)sigaddset(&child_signal, SIGCHLD);
  (void)sigprocmask(SIG_BLOCK, &child_signal, &before);
  std::vector<pid_t> children;
  for (unsigned i = 0; i < jobs; ++i)
    children.push_back(start_child([&, i] {
      work(all, all.desks.at(i), seeds, began, false);
      return 0;
    }));
  progress shown{all, jobs, seeds, began};
  watch_workers(all, std::move(children), shown);
  shown.end();
  (void)sigprocmask(SIG_SETMASK, &before, nullptr);
}

} // namespace

std::optional<failure> run_seeds(const stretch& seeds, unsigned jobs, bool trace, tally& sum) {
  const auto all = open_office();
  const auto began = clock::now();
  jobs = std::clamp(jobs, 1U, most_jobs);
  if (trace) // in order, and where a debugger is
    work(*all, all->desks.front(), seeds, began, trace);
  else
    run_by_workers(*all, jobs, seeds, began);
  std::optional<failure> found;
  for (const auto& each : all->desks) {
    sum.add(each.sum);
    if (each.failed != none && each.failed == all->first_failed.load())
      found = failure{each.failed < seeds.count ? seeds.seed(each.failed) : 0, each.what.data()};
  }
  return found;
}

bool fails_in_a_child(const std::function<bool()>& fails) {
  const auto child = start_child([&] { return fails() ? 1 : 0; });
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  return status != 0;
}

} // namespace callboard::simulation
