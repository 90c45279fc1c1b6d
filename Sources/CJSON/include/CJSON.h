#pragma once
#include <stddef.h>
#include <stdint.h>
#ifdef __cplusplus
extern "C" {
#endif

/// A door to simdjson: a document becomes a flat list of tokens in one walk.

typedef enum : uint8_t {
    CJSON_NULL,
    CJSON_FALSE,
    CJSON_TRUE,
    /// A number by JSON's grammar; its text as written.
    CJSON_NUMBER,
    /// A string; its text unescaped, valid UTF-8 (unless damaged, see cjson_damage).
    CJSON_STRING,
    /// Followed by its members: a key, then the value.
    CJSON_OBJECT,
    /// Followed by its elements.
    CJSON_ARRAY,
    CJSON_KEY,
    /// Stands where a value stands and is none (NaN, 01, a lone surrogate); its text as written.
    CJSON_BROKEN,
    /// An object or array nested more than CJSON_GREATEST_DEPTH deep; what it holds was passed over.
    CJSON_DEEP,
} cjson_kind;

typedef struct {
    /// Owned by the reader, until the next read. Of objects and arrays: where they begin in the reader's copy.
    const uint8_t *text;
    /// Of `text`. Of objects and arrays: all bytes up to and with the closing bracket.
    uint32_t length;
    /// Where it begins in what was read.
    uint32_t offset;
    /// The index of the token after this one and all that it holds.
    uint32_t next;
    /// Of a key: its place among the reader's names, -1 when it is none of them.
    int16_t name;
    cjson_kind kind;
    /// 1 when the text holds a NUL, or when something broken or too deep stands somewhere within an object or array.
    uint8_t is_flawed;
} cjson_token;

typedef enum : uint8_t {
    CJSON_OK,
    /// Not JSON, or cut off.
    CJSON_INVALID,
    /// Nothing but blanks.
    CJSON_EMPTY,
    /// JSON, but neither an object nor an array.
    CJSON_SCALAR,
    /// Four gigabytes or more, or no memory.
    CJSON_TOO_LARGE,
} cjson_outcome;

enum { CJSON_GREATEST_DEPTH = 64 };

typedef struct cjson_reader cjson_reader;

/// Names by whose place a key can be told; made once for many readers, and never freed.
typedef struct cjson_names cjson_names;

/// Up to 512 of them, copied. NULL when they are more, or out of memory.
const cjson_names *cjson_names_new(const char *const *names, size_t count);

/// A reader that knows these names, or none for NULL: out of a few that were given back, whose memory is there already,
/// or a new one. From any thread; by one thread at a time afterwards. NULL when out of memory.
cjson_reader *cjson_reader_take(const cjson_names *names);
/// The caller gives back what it took.
void cjson_reader_give_back(cjson_reader *reader);

/// Reads one document; what was read before is gone. The bytes are copied.
cjson_outcome cjson_read(cjson_reader *reader, const uint8_t *bytes, size_t length);
const cjson_token *cjson_tokens(const cjson_reader *reader);
size_t cjson_token_count(const cjson_reader *reader);

/// Whether bytes from `offset` on, `length` many, held invalid UTF-8 or a bare control character. Such bytes were read
/// as `?`, so that the rest of a page can be read.
int cjson_is_damaged(const cjson_reader *reader, uint32_t offset, uint32_t length);

/// The simdjson kernel chosen for this processor ("haswell", "icelake", "fallback", …). Never freed.
const char *cjson_kernel(void);

#ifdef __cplusplus
}
#endif
