#include "database/change_shape.hpp"

#include <doctest/doctest.h>

using namespace baseload;
using kind = change_shape::kind;

TEST_CASE("what may be put together, and of which table it is") {
    const change_shape insert = shape_of("INSERT INTO client (id, key) VALUES (?, ?)");
    CHECK(insert.what == kind::insert);
    CHECK(insert.table == "client");
    const change_shape erase = shape_of("DELETE FROM intent WHERE number = ?");
    CHECK(erase.what == kind::erase);
    CHECK(erase.table == "intent");
    // Twice the same key in one statement would be an error.
    const change_shape upsert = shape_of("INSERT INTO kept (name, text) VALUES (?, ?) ON CONFLICT (name) DO NOTHING");
    CHECK(upsert.what == kind::other);
    CHECK(upsert.table == "kept");
    CHECK(shape_of("DELETE FROM backup WHERE run = ? AND key_hash = ?").what == kind::other);
    CHECK(shape_of("DELETE FROM key_log").what == kind::other);
    CHECK(shape_of("DELETE FROM slot WHERE free_at <= ?").what == kind::other);
    CHECK(shape_of("UPDATE self SET sessions = sessions + 2").table == "self");
    // A function may do anything.
    CHECK(shape_of("SELECT end_shard(?, ?)").table.empty());
}

TEST_CASE("a statement for some rows has a number for each value") {
    CHECK(numbered("UPDATE self SET a = ?, b = ?") == "UPDATE self SET a = $1, b = $2");
    CHECK(numbered("INSERT INTO t (a, b) VALUES (?, ?)", 3) ==
          "INSERT INTO t (a, b) VALUES ($1, $2), ($3, $4), ($5, $6)");
    CHECK(numbered("DELETE FROM t WHERE a = ?", 2) == "DELETE FROM t WHERE a IN ($1, $2)");
}
