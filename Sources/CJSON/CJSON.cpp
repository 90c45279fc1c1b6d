#include "include/CJSON.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <mutex>
#include <new>
#include <string>
#include <vector>

namespace ondemand = simdjson::ondemand;

// A hash table of a few dozen short names, asked for every key of every object.
struct cjson_names {
    cjson_names(const char *const *names, size_t count) : table(1024, -1) {
        for (size_t i = 0; i < count; i++) {
            list.emplace_back(names[i]);
            size_t slot = hash(list[i].data(), list[i].size());
            while (table[slot] >= 0) slot = (slot + 1) & 1023;
            table[slot] = static_cast<int16_t>(i);
        }
    }

    int16_t find(const char *text, size_t length) const {
        for (size_t slot = hash(text, length); table[slot] >= 0; slot = (slot + 1) & 1023) {
            const std::string &name = list[static_cast<size_t>(table[slot])];
            if (name.size() == length && memcmp(name.data(), text, length) == 0) return table[slot];
        }
        return -1;
    }

private:
    std::vector<std::string> list;
    std::vector<int16_t> table;

    // The first and the last eight bytes (they may overlap) and the length tell the names apart.
    static size_t hash(const char *text, size_t length) {
        uint64_t head = 0, tail = 0;
        if (length >= 8) {
            memcpy(&head, text, 8);
            memcpy(&tail, text + length - 8, 8);
        } else if (length >= 4) {
            memcpy(&head, text, 4);
            memcpy(&tail, text + length - 4, 4);
        } else {
            for (size_t i = 0; i < length; i++) head = head << 8 | static_cast<uint8_t>(text[i]);
        }
        uint64_t mixed = (head ^ (tail * 0x9E3779B97F4A7C15u) ^ length) * 0xD6E8FEB86659FD93u;
        return static_cast<size_t>(mixed >> 54);
    }
};

namespace {

bool is_number(const char *text, size_t length) {
    const char *p = text, *end = text + length;
    auto digits = [&] {
        const char *start = p;
        while (p < end && *p >= '0' && *p <= '9') p++;
        return p > start;
    };
    if (p < end && *p == '-') p++;
    if (p < end && *p == '0') {
        p++;
    } else if (!digits()) {
        return false;
    }
    if (p < end && *p == '.') {
        p++;
        if (!digits()) return false;
    }
    if (p < end && (*p == 'e' || *p == 'E')) {
        p++;
        if (p < end && (*p == '+' || *p == '-')) p++;
        if (!digits()) return false;
    }
    return p == end;
}

// How many bytes a valid UTF-8 sequence that begins here takes; 0 when none does.
size_t sequence_length(const uint8_t *p, size_t left) {
    auto follows = [&](size_t i) { return i < left && (p[i] & 0xC0) == 0x80; };
    if (p[0] < 0x80) return 1;
    if (p[0] >= 0xC2 && p[0] <= 0xDF) return follows(1) ? 2 : 0;
    if (p[0] >= 0xE0 && p[0] <= 0xEF) {
        if (!follows(1) || !follows(2)) return 0;
        if (p[0] == 0xE0 && p[1] < 0xA0) return 0;
        if (p[0] == 0xED && p[1] > 0x9F) return 0;
        return 3;
    }
    if (p[0] >= 0xF0 && p[0] <= 0xF4) {
        if (!follows(1) || !follows(2) || !follows(3)) return 0;
        if (p[0] == 0xF0 && p[1] < 0x90) return 0;
        if (p[0] == 0xF4 && p[1] > 0x8F) return 0;
        return 4;
    }
    return 0;
}

}  // namespace

struct cjson_reader {
    // NULL: none.
    const cjson_names *names = nullptr;

    cjson_outcome read(const uint8_t *bytes, size_t length) {
        tokens.clear();
        damage.clear();
        if (length >= UINT32_MAX - simdjson::SIMDJSON_PADDING) return CJSON_TOO_LARGE;
        // A byte order mark is not JSON, but Windows writes one before every file.
        skipped = length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        size = length - skipped;
        if (buffer.size() < size + simdjson::SIMDJSON_PADDING) {
            buffer.resize(std::max(2 * buffer.size(), size + simdjson::SIMDJSON_PADDING));
        }
        if (size > 0) memcpy(buffer.data(), bytes + skipped, size);
        memset(buffer.data() + size, 0, simdjson::SIMDJSON_PADDING);

        cjson_outcome outcome = walk();
        if (outcome != CJSON_INVALID || !clean()) return outcome;
        tokens.clear();
        return walk();
    }

    bool is_damaged(uint32_t offset, uint32_t length) const {
        auto first = std::lower_bound(damage.begin(), damage.end(), offset);
        return first != damage.end() && *first - offset < length;
    }

    // Of what it holds of a document as great as the greatest that it read.
    bool is_large() const { return buffer.size() > (4u << 20) || tokens.capacity() > (1u << 18); }

    std::vector<cjson_token> tokens;

private:
    ondemand::parser parser;
    std::vector<char> buffer;
    size_t size = 0;
    size_t skipped = 0;
    // Where bytes were replaced, ascending.
    std::vector<uint32_t> damage;

    cjson_outcome walk() {
        if (std::all_of(buffer.data(), buffer.data() + size, is_blank)) return CJSON_EMPTY;
        ondemand::document document;
        if (parser.iterate(buffer.data(), size, buffer.size()).get(document)) return CJSON_INVALID;
        ondemand::value root;
        switch (document.get_value().get(root)) {
        case simdjson::SUCCESS: break;
        case simdjson::SCALAR_DOCUMENT_AS_VALUE: return CJSON_SCALAR;
        default: return CJSON_INVALID;
        }
        bool is_flawed = false;
        cjson_outcome outcome = take(document, root, 0, is_flawed);
        const char *rest;
        bool is_at_end = document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
        return outcome == CJSON_OK && !is_at_end ? CJSON_INVALID : outcome;
    }

    static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

    uint32_t offset(const char *place) const { return static_cast<uint32_t>(place - buffer.data() + skipped); }

    void add(cjson_kind kind, const char *text, size_t length, const char *place, int16_t name, bool is_flawed) {
        cjson_token token;
        token.text = reinterpret_cast<const uint8_t *>(text);
        token.length = static_cast<uint32_t>(length);
        token.offset = offset(place);
        token.next = static_cast<uint32_t>(tokens.size() + 1);
        token.name = name;
        token.kind = kind;
        token.is_flawed = is_flawed;
        tokens.push_back(token);
    }

    cjson_outcome take(ondemand::document &document, ondemand::value value, int depth, bool &is_flawed) {
        std::string_view raw = value.raw_json_token();
        while (!raw.empty() && is_blank(raw.back())) raw.remove_suffix(1);
        if (raw.empty()) return CJSON_INVALID;
        switch (raw.front()) {
        case '{': case '[': return take_container(document, value, raw, depth, is_flawed);
        case '"': {
            std::string_view text;
            if (value.get_string().get(text)) break;
            bool has_nul = memchr(text.data(), 0, text.size()) != nullptr;
            add(CJSON_STRING, text.data(), text.size(), raw.data(), -1, has_nul);
            return CJSON_OK;
        }
        case '}': case ']': case ',': case ':': return CJSON_INVALID;
        case 'n':
            if (raw != "null") break;
            add(CJSON_NULL, raw.data(), 4, raw.data(), -1, false);
            return CJSON_OK;
        case 't':
            if (raw != "true") break;
            add(CJSON_TRUE, raw.data(), 4, raw.data(), -1, false);
            return CJSON_OK;
        case 'f':
            if (raw != "false") break;
            add(CJSON_FALSE, raw.data(), 5, raw.data(), -1, false);
            return CJSON_OK;
        default:
            if (!is_number(raw.data(), raw.size())) break;
            add(CJSON_NUMBER, raw.data(), raw.size(), raw.data(), -1, false);
            return CJSON_OK;
        }
        is_flawed = true;
        add(CJSON_BROKEN, raw.data(), raw.size(), raw.data(), -1, true);
        return CJSON_OK;
    }

    cjson_outcome take_container(
        ondemand::document &document, ondemand::value value, std::string_view raw, int depth, bool &is_flawed_around) {
        if (depth >= CJSON_GREATEST_DEPTH) {
            // Left closed: the walk around it passes over it.
            is_flawed_around = true;
            add(CJSON_DEEP, raw.data(), 0, raw.data(), -1, true);
            return CJSON_OK;
        }
        size_t index = tokens.size();
        bool is_flawed = false;
        add(raw.front() == '{' ? CJSON_OBJECT : CJSON_ARRAY, raw.data(), 0, raw.data(), -1, false);
        if (raw.front() == '{') {
            ondemand::object object;
            if (value.get_object().get(object)) return CJSON_INVALID;
            for (auto result : object) {
                ondemand::field field;
                if (std::move(result).get(field)) return CJSON_INVALID;
                const char *place = field.key().raw() - 1;
                std::string_view key;
                if (field.unescaped_key().get(key)) {
                    is_flawed = true;
                    add(CJSON_KEY, place, 0, place, -1, true);
                } else {
                    add(CJSON_KEY, key.data(), key.size(), place, names ? names->find(key.data(), key.size()) : static_cast<int16_t>(-1), false);
                }
                cjson_outcome outcome = take(document, field.value(), depth + 1, is_flawed);
                if (outcome != CJSON_OK) return outcome;
            }
        } else {
            ondemand::array array;
            if (value.get_array().get(array)) return CJSON_INVALID;
            for (auto result : array) {
                ondemand::value element;
                if (std::move(result).get(element)) return CJSON_INVALID;
                cjson_outcome outcome = take(document, element, depth + 1, is_flawed);
                if (outcome != CJSON_OK) return outcome;
            }
        }
        // It ends before whatever comes next.
        const char *end = buffer.data() + size;
        const char *next;
        if (!document.current_location().get(next)) end = std::min(end, next);
        while (end > raw.data() && is_blank(end[-1])) end--;
        cjson_token &token = tokens[index];
        token.length = static_cast<uint32_t>(end - raw.data());
        token.next = static_cast<uint32_t>(tokens.size());
        token.is_flawed = is_flawed;
        is_flawed_around = is_flawed_around || is_flawed;
        return CJSON_OK;
    }

    // Replaces what makes simdjson refuse the whole document though only one string is bad. False when there is none.
    bool clean() {
        bool is_in_string = false;
        for (size_t i = 0; i < size;) {
            uint8_t *p = reinterpret_cast<uint8_t *>(buffer.data()) + i;
            size_t length = sequence_length(p, size - i);
            if (length == 0 || (is_in_string && *p < 0x20)) {
                damage.push_back(static_cast<uint32_t>(i + skipped));
                *p = '?';
                length = 1;
            } else if (*p == '"') {
                is_in_string = !is_in_string;
            } else if (*p == '\\' && is_in_string && i + 1 < size && p[1] >= 0x20 && p[1] < 0x80) {
                length = 2;
            }
            i += length;
        }
        return !damage.empty();
    }
};

const cjson_names *cjson_names_new(const char *const *names, size_t count) {
    try {
        return count < 512 ? new cjson_names(names, count) : nullptr;
    } catch (...) {
        return nullptr;
    }
}

namespace {

// Never destroyed: threads may give back while the program ends.
struct Spare {
    std::mutex mutex;
    std::vector<cjson_reader *> readers;
};
Spare &spare() {
    static Spare *all = new Spare;
    return *all;
}

}  // namespace

cjson_reader *cjson_reader_take(const cjson_names *names) {
    try {
        cjson_reader *reader = nullptr;
        {
            std::lock_guard<std::mutex> lock(spare().mutex);
            if (!spare().readers.empty()) {
                reader = spare().readers.back();
                spare().readers.pop_back();
            }
        }
        if (reader == nullptr) reader = new cjson_reader;
        reader->names = names;
        return reader;
    } catch (...) {
        return nullptr;
    }
}

void cjson_reader_give_back(cjson_reader *reader) {
    try {
        std::lock_guard<std::mutex> lock(spare().mutex);
        if (spare().readers.size() < 4 && !reader->is_large()) {
            spare().readers.push_back(reader);
            return;
        }
    } catch (...) {
    }
    delete reader;
}

cjson_outcome cjson_read(cjson_reader *reader, const uint8_t *bytes, size_t length) {
    try {
        return reader->read(bytes, length);
    } catch (...) {
        reader->tokens.clear();
        return CJSON_TOO_LARGE;
    }
}

const cjson_token *cjson_tokens(const cjson_reader *reader) { return reader->tokens.data(); }
size_t cjson_token_count(const cjson_reader *reader) { return reader->tokens.size(); }

int cjson_is_damaged(const cjson_reader *reader, uint32_t offset, uint32_t length) {
    return reader->is_damaged(offset, length);
}

const char *cjson_kernel(void) {
    static const std::string name = simdjson::get_active_implementation()->name();
    return name.c_str();
}
