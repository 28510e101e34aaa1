/* fuzz_peek.c -- any bytes: a message is walked within its bounds, and what is taken for a value is one. */
#include <assert.h>

#include "wire/peek.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct span message = {(const char *)data, len}, list = message, element,
                member = peek_member(message, "a");
    struct buf text = BUF_INIT(len + 1);
    char words[16];

    if (member.len)
        assert(peek_valid(member) && member.at >= message.at && member.at + member.len <= message.at + len);
    while (peek_element(&list, &element)) {
        assert(peek_valid(element));
        (void)peek_int(element, 0);
        peek_copy(element, words, sizeof words);
        assert(strlen(words) < sizeof words);
    }
    if (peek_text(message, &text) == 0)
        assert(text.len <= len); /* no escape is shorter than what it says */
    buf_fini(&text);
    return 0;
}
