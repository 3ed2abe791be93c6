#include "baseload/report/export_csv.hpp"

#include "baseload/core/duration.hpp"
#include "baseload/report/csv_text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace baseload {

// Row by row as the journal reads them, so that memory does not grow with the journal. The caller looks at the stream's
// state afterwards.
void write_export_csv(client_memory& memory, std::ostream& out) {
    out << csv_record({"key", "state", "crm_client_id", "changed", "note"}, ',');
    memory.each_entry([&](const exported_entry& e) {
        const std::string id = e.crm_client_id ? std::to_string(*e.crm_client_id) : std::string{};
        out << csv_record({e.key, e.state, id, show_time(e.changed), e.note}, ',');
    });
}

void write_export_json(client_memory& memory, std::ostream& out) {
    // In JSON a text may begin with any sign: nothing here is made text for a spreadsheet.
    memory.each_entry([&](const exported_entry& e) {
        boost::json::object object;
        object["key"] = e.key;
        object["state"] = e.state;
        object["crm_client_id"] = e.crm_client_id ? boost::json::value(*e.crm_client_id) : boost::json::value(nullptr);
        object["changed"] = show_time(e.changed);
        // Null and not "": a script tells a note that is missing from one that is blank.
        object["note"] = e.note.empty() ? boost::json::value(nullptr) : boost::json::value(e.note);
        out << boost::json::serialize(object) << "\n";
    });
}

}  // namespace baseload
