#pragma once

#include "baseload/core/line_places.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace baseload {

// {"lines": [3, 7]}, and beside them the files where the source consists of several: {"files": ["a.csv", "b.csv"]}.
inline boost::json::object lines_json(const std::vector<std::uint64_t>& lines, const line_places& places) {
    boost::json::array own_lines;
    boost::json::array files;
    for (const std::uint64_t line : lines) {
        source_line own = places.at(line);
        own_lines.emplace_back(own.line);
        files.emplace_back(std::move(own.file));
    }
    boost::json::object all{{"lines", std::move(own_lines)}};
    if (!places.are_of_one_file()) {
        all["files"] = std::move(files);
    }
    return all;
}

}  // namespace baseload
