// libpq without blocking, so that an epoll loop can wait for a commit; SQLite in place, as it is.
#include "bench/rows.hpp"

#include <array>
#include <libpq-fe.h>
#include <poll.h>
#include <sqlite3.h>
#include <stdexcept>

namespace callboard::bench {

namespace {

constexpr const char* insert_rows =
  "insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at) "
  "select r, s, 0, a, n, i, b, to_timestamp(t / 1000.0) from unnest($1::bigint[], $2::bigint[], "
  "$3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[]) as x(r, s, a, n, i, b, t)";

class pg_rows final : public row_store {
public:
  explicit pg_rows(const std::string& url) : link_{PQconnectdb(url.c_str())} {
    if (PQstatus(link_) != CONNECTION_OK)
      fail();
    check(PQexec(link_, "set synchronous_commit = on"), PGRES_COMMAND_OK);
    check(PQprepare(link_, "rows", insert_rows, 7, nullptr), PGRES_COMMAND_OK);
  }
  ~pg_rows() override { PQfinish(link_); }

  void begin(const std::vector<row>& batch) override {
    std::array<std::string, 7> lists;
    lists.fill("{");
    for (const auto& each : batch) {
      add(lists[0], std::to_string(each.room));
      add(lists[1], std::to_string(each.seq));
      add(lists[2], each.author);
      add(lists[3], each.name);
      add(lists[4], each.id);
      add(lists[5],
          '"' + each.body + '"'); // The benchmark's texts have neither quote nor backslash.
      add(lists[6], std::to_string(each.at_ms));
    }
    std::array<const char*, 7> values{};
    for (std::size_t i = 0; i < lists.size(); ++i)
      values.at(i) = lists.at(i).append("}").c_str();
    if (PQsendQueryPrepared(link_, "rows", 7, values.data(), nullptr, nullptr, 0) != 1)
      fail();
  }

  [[nodiscard]] int waits_for() const override { return PQsocket(link_); }

  [[nodiscard]] bool finish() override {
    if (PQconsumeInput(link_) != 1)
      fail();
    while (PQisBusy(link_) == 0) {
      auto* const result = PQgetResult(link_);
      if (result == nullptr)
        return true;
      check(result, PGRES_COMMAND_OK);
    }
    return false;
  }

private:
  static void add(std::string& list, const std::string& item) {
    if (list.size() > 1)
      list += ',';
    list += item;
  }

  void check(PGresult* result, ExecStatusType wanted) {
    const bool good = PQresultStatus(result) == wanted;
    PQclear(result);
    if (!good)
      fail();
  }

  [[noreturn]] void fail() { throw std::runtime_error{PQerrorMessage(link_)}; }

  PGconn* link_;
};

class sqlite_rows final : public row_store {
public:
  explicit sqlite_rows(const std::string& path) {
    if (sqlite3_open_v2(path.c_str(), &link_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
      fail();
    run("pragma journal_mode = wal; pragma synchronous = full");
    constexpr const char* insert =
      "insert into entry (room_id, seq, kind, author_id, author_name, client_id, body, at) "
      "values (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7)";
    if (sqlite3_prepare_v2(link_, insert, -1, &insert_, nullptr) != SQLITE_OK)
      fail();
  }
  ~sqlite_rows() override {
    sqlite3_finalize(insert_);
    sqlite3_close(link_);
  }

  void begin(const std::vector<row>& batch) override {
    run("begin immediate");
    for (const auto& each : batch) {
      sqlite3_bind_int64(insert_, 1, each.room);
      sqlite3_bind_int64(insert_, 2, each.seq);
      bind(3, each.author);
      bind(4, each.name);
      bind(5, each.id);
      bind(6, each.body);
      sqlite3_bind_int64(insert_, 7, each.at_ms);
      if (sqlite3_step(insert_) != SQLITE_DONE)
        fail();
      sqlite3_reset(insert_);
    }
    run("commit");
  }

  [[nodiscard]] int waits_for() const override { return -1; }
  [[nodiscard]] bool finish() override { return true; }

private:
  void bind(int place, const std::string& text) {
    sqlite3_bind_text(insert_, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }

  void run(const char* sql) {
    if (sqlite3_exec(link_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
      fail();
  }

  [[noreturn]] void fail() { throw std::runtime_error{sqlite3_errmsg(link_)}; }

  sqlite3* link_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

} // namespace

void row_store::store(const std::vector<row>& batch) {
  begin(batch);
  while (!finish()) {
    pollfd waits{waits_for(), POLLIN, 0};
    poll(&waits, 1, -1);
  }
}

std::unique_ptr<row_store> open_row_store(const std::string& url) {
  constexpr std::string_view sqlite = "sqlite:";
  if (url.starts_with(sqlite))
    return std::make_unique<sqlite_rows>(url.substr(sqlite.size()));
  return std::make_unique<pg_rows>(url);
}

} // namespace callboard::bench
