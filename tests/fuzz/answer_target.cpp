// What a server says, as it comes over the wire: decoded within bounds, judged, and read as each
// of the answers that the importer asks for.
#include "api/answer_parser.hpp"
#include "baseload/api/answer.hpp"
#include "baseload/api/block_notice.hpp"
#include "baseload/api/crm_clients.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace baseload;

namespace {

void expect(bool true_always) {
    if (!true_always) {
        std::abort();
    }
}

void judge_and_read(const http_answer& answer) {
    const verdict v = judge(answer);
    expect(!v.crm_client_id || *v.crm_client_id > 0);
    expect(v.kind == verdict_kind::accepted || !v.code.empty() || !v.message.empty() ||
           v.kind == verdict_kind::server_fault || v.kind == verdict_kind::blocked);
    const auto wait = block_wait(v.message, answer.date, answer.retry_after, {});
    expect(wait > std::chrono::seconds(0) && wait <= std::chrono::minutes(61));
    if (const auto clients = read_client_list(answer.body)) {
        for (const listed_client& client : *clients) {
            expect(client.crm_client_id > 0);
        }
    }
    static_cast<void>(read_client_data(answer.body, 7));
    // What is read as the fields of a call is the same when it is sent and read again.
    if (const auto fields = read_client_fields(answer.body); fields && !fields->empty()) {
        const auto again = read_client_fields(add_client(std::nullopt, *fields).parameters);
        expect(again && again->size() == fields->size());
        for (std::size_t i = 0; i < fields->size(); ++i) {
            expect((*again)[i].code == (*fields)[i].code && (*again)[i].value == (*fields)[i].value);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
    answer_parser parser;
    // In two pieces, as the wire may have it.
    const std::string_view text(reinterpret_cast<const char*>(bytes), count);
    boost::system::error_code error = parser.put(text.substr(0, count / 3));
    if (!error) {
        error = parser.put(text.substr(count / 3));
    }
    if (!error && !parser.is_done()) {
        error = parser.put_end();
    }
    if (!error && parser.is_done()) {
        judge_and_read(parser.release());
    }
    // And the bytes as a body, which mutations reach sooner.
    judge_and_read({.status = 200, .body = {reinterpret_cast<const char*>(bytes), count}, .date = {}, .location = {}});
    return 0;
}
