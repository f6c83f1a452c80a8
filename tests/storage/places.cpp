// Fresh databases for tests: see the header.
#include "places.hpp"

#include <cstdlib>
#include <thread>
#include <unistd.h>

namespace callboard::places {

using namespace std::chrono_literals;

// -- folder ---------------------------------------------------------------------------------------

folder::folder() {
  std::string pattern = std::filesystem::temp_directory_path() / "callboard-test.XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr)
    throw std::runtime_error{"no temporary directory: " + pattern};
  path_ = pattern;
}

folder::~folder() {
  std::error_code ignored; // A test that changed modes may leave it to the system.
  std::filesystem::remove_all(path_, ignored);
}

// -- postgres -------------------------------------------------------------------------------------

namespace {

std::string maintenance_url() {
  const char* url = std::getenv("CALLBOARD_TEST_POSTGRES");
  if (url == nullptr || *url == '\0')
    throw std::runtime_error{
      "CALLBOARD_TEST_POSTGRES is not set. Run this under tests/with_postgres.sh, which "
      "makes a private cluster; ./test does."};
  return url;
}

/// The URL with another database's name.
std::string with_database(const std::string& url, const std::string& name) {
  const auto slash = url.find('/', url.find("://") + 3);
  const auto query = url.find('?', slash);
  return url.substr(0, slash + 1) + name + (query == std::string::npos ? "" : url.substr(query));
}

pg_address address_of(const std::string& url) {
  const auto where = pg_address::parse(url);
  if (!where)
    throw std::runtime_error{"CALLBOARD_TEST_POSTGRES is not a libpq URI"};
  return *where;
}

} // namespace

pg_session& postgres_place::cluster() {
  static pg_session session{address_of(maintenance_url())};
  return session;
}

std::vector<std::string>& postgres_place::emptied() {
  static std::vector<std::string> names;
  return names;
}

postgres_place::postgres_place(const std::string& options) : is_plain_{options.empty()} {
  static int count = 0;
  if (is_plain_ && !emptied().empty()) {
    name_ = emptied().back();
    emptied().pop_back();
  } else {
    name_ = "callboard_" + std::to_string(getpid()) + '_' + std::to_string(++count);
    cluster().script("create database " + name_ + ' ' + options);
  }
  url_ = with_database(maintenance_url(), name_);
  inside_ = std::make_unique<pg_session>(address_of(url_));
}

postgres_place::~postgres_place() {
  try {
    if (is_plain_) {
      inside_->disconnect(); // An open transaction of the test's.
      inside_->script("select pg_terminate_backend(pid, 5000) from pg_stat_activity "
                      "where datname = current_database() and pid <> pg_backend_pid()");
      inside_->script("drop schema public cascade; create schema public; "
                      "grant usage on schema public to public; alter database "
                      + name_ + " reset all");
      emptied().push_back(name_);
    } else {
      inside_.reset();
      cluster().script("drop database " + name_ + " with (force)");
    }
  } catch (const pg_error&) {
    return; // The cluster is private and goes as a whole.
  }
}

// -- any ------------------------------------------------------------------------------------------

std::vector<entry> all_of(store& from, const std::string& room) {
  return must(from.read({room, read_query::direction::after, 0, 1'000'000}));
}

bool wait_until(const std::function<bool()>& done) {
  const auto end = std::chrono::steady_clock::now() + 20s;
  while (!done()) {
    if (std::chrono::steady_clock::now() > end)
      return false;
    std::this_thread::sleep_for(5ms);
  }
  return true;
}

place::place(kind what) : what_{what} {
  switch (what) {
    case kind::memory:
      memory_ = std::make_shared<memory_log>();
      break;
    case kind::sqlite:
      folder_ = std::make_unique<folder>();
      break;
    case kind::postgres:
      postgres_ = std::make_unique<postgres_place>();
      break;
  }
  reopen();
}

const char* place::name() const {
  return what_ == kind::memory ? "memory" : what_ == kind::sqlite ? "sqlite" : "postgres";
}

preparation place::reopen() {
  db_.reset();
  if (what_ == kind::memory)
    db_ = std::make_unique<memory_database>(memory_);
  else
    db_ =
      must(open_database(postgres_ ? postgres_->url() : "sqlite:" + (*folder_ / "callboard.db")));
  return must(db_->prepare());
}

std::shared_ptr<void> place::hold_appends() {
  if (what_ == kind::memory) {
    memory_->stall(true);
    return {nullptr, [log = memory_](void*) { log->stall(false); }};
  }
  if (what_ == kind::sqlite) {
    auto file = std::make_shared<sqlite_handle>(*folder_ / "callboard.db", 1000ms);
    file->script("begin immediate");
    return file;
  }
  auto session = std::make_shared<pg_session>(address_of(postgres_->url()));
  session->script("begin; lock table entry in share mode; select * from room for update");
  return session;
}

bool place::set_head(const std::string& room, seq_t head) {
  const auto sql =
    "update room set head = " + std::to_string(head) + " where name = '" + room + '\'';
  if (what_ == kind::sqlite)
    sqlite_handle{*folder_ / "callboard.db", 1000ms}.script(sql);
  else if (what_ == kind::postgres)
    postgres_->sql(sql);
  return what_ != kind::memory;
}

void on_each_kind(const std::function<void(place&)>& test) {
  for (const auto what : {kind::memory, kind::sqlite, kind::postgres}) {
    place fresh{what};
    test(fresh);
  }
}

} // namespace callboard::places
