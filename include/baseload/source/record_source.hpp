#pragma once

#include "baseload/core/line_places.hpp"
#include "baseload/source/record_reader.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace baseload {

// One thing about how a source is read, for people: the job's option for it (or another
// word), its value, and why.
struct source_trait {
    std::string option;
    std::string value;
    std::string note = {};
};

struct source_description {
    std::string kind;  // "CSV, packed by gzip"
    std::vector<source_trait> traits;
    char rejects_delimiter = ';';          // of a rejects file, so that it opens where the source did
    std::vector<std::string> notices;      // what a person should know, whatever the format
    std::vector<std::string> sheets = {};  // of a workbook: those that are not hidden
};

// An open source, whatever its format; each pass has a reader of its own. Lives longer than
// its readers.
class record_source {
public:
    virtual ~record_source() = default;

    [[nodiscard]] virtual const std::string& name() const = 0;  // for messages
    [[nodiscard]] virtual std::uint64_t size() const = 0;       // bytes, packed when it is

    // Whether somebody has written to the file since it was opened.
    [[nodiscard]] virtual bool has_changed() const = 0;

    // Throws command_error(usage) for a source without a record to name its columns by.
    [[nodiscard]] virtual std::unique_ptr<record_reader> read() const = 0;

    // As each of its readers has them, without a pass. Throws as read() does.
    [[nodiscard]] virtual column_names columns() const = 0;

    [[nodiscard]] virtual source_description describe() const = 0;

    // Where a record's line lies: known for the files that a reader has come to. Lives as long as anybody holds it.
    [[nodiscard]] virtual std::shared_ptr<const line_places> places() const {
        return std::make_shared<line_places>(name());
    }

    // The files that it consists of, itself where it is one.
    [[nodiscard]] virtual std::vector<const record_source*> parts() const { return {this}; }

    // What only a whole pass can tell, for people.
    [[nodiscard]] virtual std::vector<source_trait> tally() const { return {}; }
};

}  // namespace baseload
