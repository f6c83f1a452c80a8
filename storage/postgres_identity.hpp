// Is this the database that was here before? Where it is not, all its logs get new epochs, so that
// no position of the other one can name an entry of this one.
#pragma once

#include "storage/numbering.hpp"
#include "storage/pg_session.hpp"

namespace callboard {

/// Rows of `name, id, head, epoch`; of an array of names, those that there are.
inline constexpr pg_statement find_rooms{
  "callboard_find_rooms", "select name, id, head, epoch from room where name = any ($1::text[])"};
[[nodiscard]] remembered_rooms::row row_of(const pg_rows& rows, std::size_t i);

/// Gives every room a new epoch, in the transaction that is open; answers how many rooms there are.
/// Throws pg_error, as all of these do.
std::uint64_t renew_epochs(pg_session& session);

/// True when the database is not the one that its contents were written in: a restored dump, a
/// copy, a standby that was promoted. Then all epochs are new.
bool renew_in_copy(pg_session& session);

/// True when what was remembered of rooms on an earlier connection cannot have become what this one
/// shows: a head has gone down, a row is gone or another, or it has another epoch. Then all epochs
/// are new. Throws `again` where all rooms are gone.
bool renew_where_set_back(pg_session& session, const remembered_rooms& before);

} // namespace callboard
