#include "baseload/config/job_file.hpp"
#include "baseload/maintenance/examination.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "text_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace baseload {
namespace {

struct arguments {
    std::string job;
    bool json = false;
};

const char* word_of(finding::state how) {
    switch (how) {
    case finding::state::good: return "ok";
    case finding::state::notable: return "note";
    case finding::state::bad: break;
    }
    return "FAULT";
}

std::string result_text(const std::vector<finding>& all) {
    std::vector<std::vector<std::string>> rows;
    for (const finding& f : all) {
        rows.push_back({word_of(f.how), f.what, f.remedy.empty() ? f.found : f.found + "; " + f.remedy});
    }
    return text_table(rows);
}

// The names are a contract with scripts: never rename one.
std::string result_json(const std::vector<finding>& all) {
    boost::json::array found;
    for (const finding& f : all) {
        found.push_back({{"what", f.what},
                         {"state", f.how == finding::state::bad ? "fault" : word_of(f.how)},
                         {"found", f.found},
                         {"remedy", f.remedy.empty() ? boost::json::value(nullptr) : boost::json::value(f.remedy)}});
    }
    return boost::json::serialize(boost::json::object{{"findings", std::move(found)}});
}

exit_code examine_job(const arguments& a) {
    const std::vector<finding> all = examine(read_job(a.job));
    a.json ? print_json(result_json(all)) : print_text(result_text(all));
    const bool is_ill =
        std::any_of(all.begin(), all.end(), [](const finding& f) { return f.how == finding::state::bad; });
    return is_ill ? exit_code::incomplete : exit_code::success;
}

}  // namespace

void add_doctor_command(command_line& line) {
    const auto a = std::make_shared<arguments>();
    command c = line.add("doctor", "What a run depends on, and what is wrong with it; sends two reads");
    c.example("baseload doctor shop.toml");
    c.option("JOB", a->job, "The job (.toml)").required();
    c.flag("--json", a->json, "Print it as JSON");
    c.run([a] { return examine_job(*a); });
}

}  // namespace baseload
