#include "source/workbook/xml_parser.hpp"

#include "baseload/core/command_error.hpp"

#include <fmt/format.h>

#include <new>
#include <utility>

namespace baseload {
namespace {

constexpr int piece_size = 64 * 1024;
// A tag that never ends would be kept in memory by expat as a whole; texts are handed out in pieces.
constexpr std::uint64_t max_token = std::uint64_t{8} << 20U;
// Far deeper than any workbook; handlers that count depths stay small too.
constexpr int deepest = 200;

// Writers choose prefixes freely; the local names tell enough here.
std::string_view without_prefix(std::string_view name) {
    return name.substr(name.find(':') + 1);  // npos + 1 is 0
}

}  // namespace

std::string_view xml_attributes::get(std::string_view name, std::string_view otherwise) const {
    for (const XML_Char** pair = pairs_; *pair != nullptr; pair += 2) {
        if (without_prefix(pair[0]) == name) {
            return pair[1];
        }
    }
    return otherwise;
}

bool xml_attributes::has(std::string_view name, std::string_view value) const {
    for (const XML_Char** pair = pairs_; *pair != nullptr; pair += 2) {
        if (without_prefix(pair[0]) == name && value == pair[1]) {
            return true;
        }
    }
    return false;
}

xml_parser::xml_parser(std::unique_ptr<byte_stream> bytes, std::string name, xml_handler& handler)
    : bytes_(std::move(bytes)), name_(std::move(name)), handler_(handler),
      parser_(XML_ParserCreate(nullptr), XML_ParserFree) {
    if (!parser_) {
        throw std::bad_alloc();
    }
    XML_SetUserData(parser_.get(), this);
    XML_SetElementHandler(parser_.get(), on_begin, on_end);
    XML_SetCharacterDataHandler(parser_.get(), on_text);
    XML_SetStartDoctypeDeclHandler(parser_.get(), on_doctype);
}

template <class Call>
void xml_parser::guarded(Call call) {
    if (failure_) {
        return;  // expat hands out a few more events after it was stopped
    }
    try {
        call();
    } catch (...) {
        failure_ = std::current_exception();
        XML_StopParser(parser_.get(), XML_FALSE);
    }
}

void XMLCALL xml_parser::on_begin(void* self, const XML_Char* name, const XML_Char** attributes) {
    auto& parser = *static_cast<xml_parser*>(self);
    parser.guarded([&] {
        if (++parser.depth_ > deepest) {
            parser.refuse(fmt::format("its elements are nested more than {} deep", deepest));
        }
        parser.handler_.begin(without_prefix(name), xml_attributes(attributes));
    });
}

void XMLCALL xml_parser::on_end(void* self, const XML_Char* name) {
    auto& parser = *static_cast<xml_parser*>(self);
    parser.guarded([&] {
        --parser.depth_;
        parser.handler_.end(without_prefix(name));
        if (parser.handler_.is_full()) {
            // Suspended at an element's end, when enough rows are ready: otherwise one piece could make rows without
            // bound.
            XML_StopParser(parser.parser_.get(), XML_TRUE);
        }
    });
}

void XMLCALL xml_parser::on_text(void* self, const XML_Char* piece, int length) {
    auto& parser = *static_cast<xml_parser*>(self);
    parser.guarded([&] { parser.handler_.text({piece, static_cast<std::size_t>(length)}); });
}

void XMLCALL xml_parser::on_doctype(void* self, const XML_Char* /*name*/, const XML_Char* /*system*/,
                                    const XML_Char* /*id*/, int /*has_subset*/) {
    auto& parser = *static_cast<xml_parser*>(self);
    // A document type is the way to entity bombs and to other files.
    parser.guarded([&] { parser.refuse("it declares a document type, which no spreadsheet program writes"); });
}

XML_Status xml_parser::parse_next() {
    if (paused_) {
        return XML_ResumeParser(parser_.get());
    }
    // Memory of expat's own, so the bytes are not copied twice.
    void* buffer = XML_GetBuffer(parser_.get(), piece_size);
    if (buffer == nullptr) {
        throw std::bad_alloc();
    }
    const std::size_t count = bytes_->read(static_cast<char*>(buffer), piece_size);
    fed_ += count;
    ended_ = count < piece_size;
    return XML_ParseBuffer(parser_.get(), static_cast<int>(count), ended_ ? XML_TRUE : XML_FALSE);
}

bool xml_parser::read_more() {
    if (ended_ && !paused_) {
        return false;
    }
    const XML_Status status = parse_next();
    // The handler's exception first: expat's own error only says that it was stopped.
    if (failure_) {
        std::rethrow_exception(failure_);
    }
    if (status == XML_STATUS_ERROR) {
        refuse(XML_ErrorString(XML_GetErrorCode(parser_.get())));
    }
    paused_ = status == XML_STATUS_SUSPENDED;
    if (paused_) {
        return true;
    }
    // What expat holds back unparsed is the token that it cannot finish yet.
    const auto parsed = static_cast<std::uint64_t>(XML_GetCurrentByteIndex(parser_.get()));
    if (!ended_ && fed_ - parsed > max_token) {
        refuse(fmt::format("one of its tags has more than {} MiB", max_token >> 20U));
    }
    return !ended_;
}

void xml_parser::refuse(const std::string& problem) const {
    throw command_error(
        exit_code::usage,
        fmt::format("{}, line {}: is broken ({}); open it with the program that made it, and save it anew", name_,
                    XML_GetCurrentLineNumber(parser_.get()), problem));
}

}  // namespace baseload
