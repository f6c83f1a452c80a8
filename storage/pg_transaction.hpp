// A transaction under the lock that keeps two servers from preparing one database at once.
#pragma once

#include "storage/pg_session.hpp"

namespace callboard {

/// Open from construction to commit(); abandoned with its connection, so that no failure can leave
/// half of it behind. Throws pg_error; 55P03 when another server prepares for a minute, or when
/// somebody holds a table for ten seconds.
class pg_transaction {
public:
  explicit pg_transaction(pg_session& on) : on_{on} {
    // The key is "callboar" in ASCII: PostgreSQL's advisory locks are numbers, one space per
    // database.
    on_.script("begin; set local lock_timeout = '60s';"
               "select pg_advisory_xact_lock(7161124095259533682);"
               "set local lock_timeout = '10s'");
  }
  pg_transaction(const pg_transaction&) = delete;
  pg_transaction& operator=(const pg_transaction&) = delete;
  ~pg_transaction() {
    if (!committed_)
      on_.disconnect();
  }

  void commit() {
    on_.script("commit");
    committed_ = true;
  }

private:
  pg_session& on_;
  bool committed_ = false;
};

} // namespace callboard
