// A journal's copy, in another engine or not.
#include "baseload/core/command_error.hpp"
#include "baseload/core/fingerprint.hpp"
#include "baseload/journal/journal_upkeep.hpp"
#include "journal_tables.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

namespace baseload {
namespace {

constexpr std::uint64_t rows_a_commit = 2000;

std::string note_in(sql_session& session, const char* name) {
    sql_rows s = session.query("SELECT text FROM kept WHERE name = ?", std::string_view(name));
    return s.next() ? s.text(0) : std::string{};
}

void set_note(sql_session& session, const char* name, const std::string& text) {
    session.change("DELETE FROM kept WHERE name = ?", std::string_view(name));
    if (!text.empty()) {
        session.change("INSERT INTO kept (name, text) VALUES (?, ?)", std::string_view(name), text);
    }
}

bool is_empty(sql_session& session) {
    sql_rows s = session.query("SELECT CASE WHEN EXISTS (SELECT 1 FROM client) OR EXISTS (SELECT 1 FROM intent) "
                               "OR EXISTS (SELECT 1 FROM refusal) OR EXISTS (SELECT 1 FROM run) THEN 0 ELSE 1 END");
    return s.next() && s.integer(0) == 1;
}

// The notes of a copy are not part of what is copied.
bool is_left_out(const journal_table& table, const std::vector<sql_value>& row) {
    if (table.name != "kept") {
        return false;
    }
    const auto name = std::get<std::string_view>(row.front());
    return name == note_of_half_copy || name == note_of_move || name == note_of_backup;
}

void each_row(sql_session& session, const journal_table& table,
              const std::function<void(const std::vector<sql_value>&)>& visit) {
    sql_rows rows = session.query(table.select.c_str());
    std::vector<sql_value> row(table.columns.size());
    while (rows.next()) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            row[i] = value_in(rows, table, i);
        }
        if (!is_left_out(table, row)) {
            visit(row);
        }
    }
}

// A row as one text, in which no two rows are alike.
std::string text_of(const std::vector<sql_value>& row) {
    std::string text;
    for (const sql_value& value : row) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            text += fmt::format("i{};", *number);
        } else if (const auto* words = std::get_if<std::string_view>(&value)) {
            text += fmt::format("t{}:{};", words->size(), *words);
        } else if (const auto* blob = std::get_if<sql_bytes>(&value)) {
            text += fmt::format("b{}:{};", blob->bytes.size(), blob->bytes);
        } else {
            text += "n;";
        }
    }
    return text;
}

struct table_sum {
    std::uint64_t rows = 0;
    fingerprint sum;
};

// The order of the rows counts: each engine gives them in the same one.
table_sum sum_of(sql_session& session, const journal_table& table) {
    table_sum all;
    each_row(session, table, [&](const std::vector<sql_value>& row) {
        ++all.rows;
        all.sum = fingerprint_of(to_bytes(all.sum) + text_of(row));
    });
    return all;
}

void copy_table(sql_session& from, sql_session& to, const journal_table& table) {
    std::uint64_t waiting = 0;
    each_row(from, table, [&](const std::vector<sql_value>& row) {
        to.change_with(table.insert.c_str(), row);
        if (++waiting % rows_a_commit == 0) {
            to.commit();
        }
    });
    to.commit();
}

void make_room(sql_session& target, const journal_locator& from, const journal_locator& to) {
    const std::string half = note_in(target, note_of_half_copy);
    if (half.empty() && !is_empty(target)) {
        throw command_error(exit_code::usage,
                            fmt::format("the journal {} has clients or runs of its own, which the copy of {} would "
                                        "overwrite; name a new one",
                                        to.text(), from.text()));
    }
    set_note(target, note_of_half_copy, from.text());
    target.commit();
    for (const journal_table& table : journal_tables()) {
        if (table.name != "kept") {
            target.change_with(table.clear.c_str(), {});
        }
    }
    target.change("DELETE FROM kept WHERE name <> ?", std::string_view(note_of_half_copy));
    target.commit();
}

}  // namespace

journal_copy copy_journal(const journal_locator& from, const journal_locator& to, bool is_backup) {
    if (from == to) {
        throw command_error(exit_code::usage, fmt::format("{} would be copied to itself; name another", from.text()));
    }
    open_tables source(from, open_tables::purpose::to_hold);
    open_tables target(to, open_tables::purpose::to_create);
    // Copied twice, both copies would be in use.
    if (const std::string moved_to = note_in(source.session(), note_of_move); !moved_to.empty() && !is_backup) {
        throw command_error(exit_code::usage,
                            fmt::format("the clients of {} were given to {} already: copy that one, or say --backup",
                                        from.text(), moved_to));
    }
    source.mark_as_closed();
    make_room(target.session(), from, to);
    for (const journal_table& table : journal_tables()) {
        copy_table(source.session(), target.session(), table);
    }
    copy_table(source.session(), target.session(), self_table());

    journal_copy done;
    fingerprint all;
    std::vector<const journal_table*> tables{&self_table()};
    for (const journal_table& table : journal_tables()) {
        tables.push_back(&table);
    }
    for (const journal_table* table : tables) {
        const table_sum here = sum_of(source.session(), *table);
        const table_sum there = sum_of(target.session(), *table);
        if (here.rows != there.rows || here.sum != there.sum) {
            throw command_error(exit_code::stopped,
                                fmt::format("the copy is not the same: {} has {} rows in {} and {} in {}, or other "
                                            "ones; {} stays in use, and the copy is refused until it is made again",
                                            table->name, here.rows, from.text(), there.rows, to.text(), from.text()));
        }
        done.rows += here.rows;
        all = fingerprint_of(to_bytes(all) + to_bytes(here.sum));
    }
    // First the one that is not to be used any more: cut off in between, none is used until a person has looked.
    if (is_backup) {
        set_note(target.session(), note_of_backup, from.text());
    } else {
        set_note(source.session(), note_of_move, to.text());
        source.session().commit();
    }
    set_note(target.session(), note_of_half_copy, "");
    target.session().commit();
    done.checksum = fmt::format("{:016x}{:016x}", all.high, all.low);
    return done;
}

}  // namespace baseload
