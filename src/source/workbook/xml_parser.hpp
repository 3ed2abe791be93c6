#pragma once

#include "source/byte_stream.hpp"

#include <expat.h>

#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>

namespace baseload {

// An element's attributes, by their names without a prefix. Lives as long as the call that
// hands it out.
class xml_attributes {
public:
    explicit xml_attributes(const XML_Char** pairs) : pairs_(pairs) {}

    // The value, or `otherwise` when there is none.
    [[nodiscard]] std::string_view get(std::string_view name, std::string_view otherwise = {}) const;

    // Whether one of that name, with whatever prefix, has the value.
    [[nodiscard]] bool has(std::string_view name, std::string_view value) const;

private:
    const XML_Char** pairs_;
};

// What a part of a workbook consists of, in the order of the document. Names come without
// their prefixes: writers choose these freely.
class xml_handler {
public:
    virtual ~xml_handler() = default;
    virtual void begin(std::string_view element, const xml_attributes& attributes) = 0;
    virtual void end(std::string_view element) = 0;
    virtual void text(std::string_view piece) = 0;

    // Whether what was read so far is to be taken before more comes.
    [[nodiscard]] virtual bool is_full() const { return false; }
};

// Reads an XML document piece by piece (expat). A workbook needs no DTD, and what a DTD can do
// to a reader is not wanted: one is refused, and so are tokens and nestings beyond all measure.
class xml_parser {
public:
    // `name` is what messages call the document. Keeps a reference to the handler.
    xml_parser(std::unique_ptr<byte_stream> bytes, std::string name, xml_handler& handler);
    ~xml_parser() = default;
    xml_parser(const xml_parser&) = delete;
    xml_parser& operator=(const xml_parser&) = delete;

    // Reads on, so that the handler is called for the next piece or until it is full. False at
    // the end. Throws command_error(usage) for what is not well-formed, and whatever the handler throws.
    [[nodiscard]] bool read_more();

    void read_all() {
        while (read_more()) {
        }
    }

private:
    static void XMLCALL on_begin(void* self, const XML_Char* name, const XML_Char** attributes);
    static void XMLCALL on_end(void* self, const XML_Char* name);
    static void XMLCALL on_text(void* self, const XML_Char* piece, int length);
    static void XMLCALL on_doctype(void* self, const XML_Char* name, const XML_Char* system, const XML_Char* id,
                                   int has_subset);

    // Exceptions must not pass through expat, which is written in C.
    template <class Call>
    void guarded(Call call);
    [[nodiscard]] XML_Status parse_next();
    [[noreturn]] void refuse(const std::string& problem) const;

    std::unique_ptr<byte_stream> bytes_;
    std::string name_;
    xml_handler& handler_;
    std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
    std::exception_ptr failure_;
    std::uint64_t fed_ = 0;
    int depth_ = 0;
    bool ended_ = false;   // no bytes are left
    bool paused_ = false;  // within a piece
};

}  // namespace baseload
