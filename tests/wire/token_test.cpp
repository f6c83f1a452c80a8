// Who holds a token is who it says, and nobody can make one.
#define CAF_SUITE token

#include "wire/token.hpp"

#include "domain/random_id.hpp"

#include <caf/test/unit_test.hpp>

#include <limits>
#include <random>
#include <set>

using namespace callboard;
using namespace std::chrono_literals;

namespace token_suite {

namespace {

constexpr std::int64_t now = 1795453346;
const author ada{"5f0c7a1e9b3d4826a1c4e07d92b8f365", "Ada Lovelace ß漢🔑"};

struct fixture {
  std::string secret = random_secret();
  token_signer aut{secret, 1h};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(token_tests, fixture)

CAF_TEST(a token gives back what was signed) {
  const auto found = aut.verify(aut.sign(ada, now), now);
  CAF_REQUIRE(found);
  CAF_CHECK(*found == (token_signer::claims{ada, now}));
}

CAF_TEST(an author id is the same for the same name and claim wherever the secret is the same) {
  const std::string claim = "0123456789abcdef";
  const auto id = aut.author_id("ada", claim);
  CAF_CHECK_EQUAL(id.size(), 32u);
  CAF_CHECK_EQUAL(id.find_first_not_of("0123456789abcdef"), std::string::npos);
  CAF_CHECK_EQUAL((token_signer{secret, 5h}.author_id("ada", claim)), id);
  std::set<std::string> ids{id};
  ids.insert(token_signer{random_secret(), 1h}.author_id("ada", claim));
  ids.insert(aut.author_id("bob", claim));
  ids.insert(aut.author_id("ada0", claim.substr(1))); // the border between the two counts
  ids.insert(aut.author_id("ada", "0123456789abcdeF"));
  CAF_CHECK_EQUAL(ids.size(), 5u);
}

CAF_TEST(a token holds on every server that has the secret) {
  const token_signer other{secret, 1h};
  CAF_CHECK(other.verify(aut.sign(ada, now), now));
}

CAF_TEST(a token of another secret is worth nothing) {
  const token_signer other{random_secret(), 1h};
  CAF_CHECK(!other.verify(aut.sign(ada, now), now));
}

CAF_TEST(a token holds for its life and not a second longer) {
  const auto token = aut.sign(ada, now);
  CAF_CHECK(aut.verify(token, now + 3599));
  CAF_CHECK(!aut.verify(token, now + 3600));
  CAF_CHECK(aut.verify(token, now - 60)); // another server's clock is ahead
}

CAF_TEST(a token that was changed anywhere is worth nothing) {
  const auto token = aut.sign(ada, now);
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < token.size(); ++i)
    for (int c = 0; c < 256; ++c) {
      auto changed = token;
      changed[i] = static_cast<char>(c);
      accepted += changed != token && aut.verify(changed, now) ? 1 : 0;
    }
  for (std::size_t size = 0; size < token.size(); ++size)
    accepted += aut.verify(token.substr(0, size), now) ? 1 : 0;
  for (const auto* more : {"A", "=", "==", "AAAA", "\n", " "})
    accepted += aut.verify(token + more, now) || aut.verify(more + token, now) ? 1 : 0;
  CAF_CHECK_EQUAL(accepted, 0u);
}

CAF_TEST(garbage is worth nothing) {
  std::mt19937 random{1};
  std::uniform_int_distribution<int> any{0, 255};
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < 20000; ++i) {
    std::string token(i % 300, '\0');
    for (auto& c : token)
      c = static_cast<char>(any(random));
    accepted += aut.verify(token, now) ? 1 : 0;
  }
  accepted += aut.verify(std::string(1 << 20, 'A'), now) ? 1 : 0;
  CAF_CHECK_EQUAL(accepted, 0u);
}

CAF_TEST(extreme times are times) {
  for (const auto at :
       {std::int64_t{0}, std::int64_t{-1}, std::numeric_limits<std::int64_t>::max()}) {
    const auto found = aut.verify(aut.sign(ada, at), at);
    CAF_REQUIRE(found);
    CAF_CHECK_EQUAL(found->issued_s, at);
  }
}

CAF_TEST(a token can stand in a header and in a URL) {
  for (const auto c : aut.sign(ada, now))
    CAF_CHECK((std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '-' || c == '_');
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(random ids are 32 hexadecimal digits and differ) {
  std::set<std::string> all;
  for (int i = 0; i < 1000; ++i) {
    const auto id = random_id();
    if (id.size() != 32 || id.find_first_not_of("0123456789abcdef") != std::string::npos)
      CAF_ERROR("no id: " << id);
    all.insert(id);
  }
  CAF_CHECK_EQUAL(all.size(), 1000u);
}

CAF_TEST(random secrets hold 256 bits and differ) {
  CAF_CHECK_EQUAL(random_secret().size(), 43u);
  CAF_CHECK(random_secret() != random_secret());
}

} // namespace token_suite
