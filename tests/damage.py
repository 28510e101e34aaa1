"""damage.py -- ways to damage an index file, each a row: bytes as a disk, a bad cable or a lost write would change them.

An LMDB page: number (8 bytes), 2 unused, flags (2: branch 1, leaf 2, overflow 4, meta 8), where free room begins and ends (2 + 2), then
an array of offsets to its nodes.
"""
import struct

PAGE = 4096


def pages(data):
    return len(data) // PAGE


def flags_of(data, page):
    return struct.unpack_from("<H", data, page * PAGE + 10)[0]


def pages_of(data, *wanted):
    """Pages in use or not, that have one of the flags."""
    return [p for p in range(2, pages(data)) if flags_of(data, p) & 15 in wanted]


def nodes_of(data, page):
    return (struct.unpack_from("<H", data, page * PAGE + 12)[0] - 16) // 2


def flip(rnd, data, at, count=1):
    for i in range(count):
        if at + i < len(data):
            data[at + i] ^= 1 << rnd.randrange(8)


def a_bit(rnd, data, _):
    flip(rnd, data, rnd.randrange(2 * PAGE, len(data)))


def some_bytes(rnd, data, _):
    at = rnd.randrange(2 * PAGE, len(data))
    for i in range(at, min(len(data), at + rnd.choice([2, 8, 64, 700]))):
        data[i] = rnd.randrange(256)


def many_bits(rnd, data, _):
    for _ in range(rnd.choice([20, 200])):
        flip(rnd, data, rnd.randrange(2 * PAGE, len(data)))


def a_header(rnd, data, _):
    flip(rnd, data, rnd.choice(pages_of(data, 1, 2)) * PAGE + rnd.randrange(16), rnd.choice([1, 2, 4]))


def an_offset(rnd, data, _):
    page = rnd.choice(pages_of(data, 1, 2))
    flip(rnd, data, page * PAGE + 16 + rnd.randrange(max(1, 2 * nodes_of(data, page))))


def a_branch(rnd, data, _):
    """The number of the page below, or a key that parts two."""
    branches = pages_of(data, 1)
    if not branches:
        return a_header(rnd, data, _)
    page = rnd.choice(branches)
    at = page * PAGE + struct.unpack_from("<H", data, page * PAGE + 16 + 2 * rnd.randrange(max(1, nodes_of(data, page))))[0]
    flip(rnd, data, min(at + rnd.randrange(12), len(data) - 1))


def a_node(rnd, data, _):
    """The sizes of a record."""
    page = rnd.choice(pages_of(data, 2))
    at = page * PAGE + struct.unpack_from("<H", data, page * PAGE + 16 + 2 * rnd.randrange(max(1, nodes_of(data, page))))[0]
    flip(rnd, data, min(at + rnd.randrange(8), len(data) - 1))


def a_meta(rnd, data, _):
    flip(rnd, data, rnd.randrange(2) * PAGE + rnd.randrange(16, 160), rnd.choice([1, 4]))


def both_metas(rnd, data, _):
    at = rnd.randrange(16, 160)
    for page in (0, 1):
        flip(rnd, data, page * PAGE + at)


def cut(rnd, data, _):
    del data[rnd.randrange(len(data)):]


def cut_at_page(rnd, data, _):
    del data[rnd.randrange(pages(data)) * PAGE:]


def zeroed(rnd, data, _):
    for _ in range(rnd.choice([1, 1, 3])):
        at = rnd.randrange(2, pages(data)) * PAGE
        data[at:at + PAGE] = bytes(PAGE)


def swapped(rnd, data, _):
    a, b = rnd.sample(range(2, pages(data)), 2)
    a, b = a * PAGE, b * PAGE
    data[a:a + PAGE], data[b:b + PAGE] = data[b:b + PAGE], data[a:a + PAGE]


def swapped_alike(rnd, data, _):
    """Two pages of one kind, as a controller that mixes up addresses would."""
    kind = rnd.choice([1, 2, 2, 2])
    alike = pages_of(data, kind)
    if len(alike) < 2:
        return swapped(rnd, data, _)
    a, b = (p * PAGE for p in rnd.sample(alike, 2))
    data[a:a + PAGE], data[b:b + PAGE] = data[b:b + PAGE], data[a:a + PAGE]


def doubled(rnd, data, _):
    """A page written to the wrong place."""
    a, b = (p * PAGE for p in rnd.sample(range(2, pages(data)), 2))
    data[a:a + PAGE] = data[b:b + PAGE]


def lost_write(rnd, data, old):
    """A page as it was some commits ago."""
    changed = [p for p in range(2, min(pages(data), pages(old)))
               if data[p * PAGE:(p + 1) * PAGE] != old[p * PAGE:(p + 1) * PAGE]]
    if changed:
        at = rnd.choice(changed) * PAGE
        data[at:at + PAGE] = old[at:at + PAGE]


DAMAGES = [a_bit, some_bytes, many_bits, a_header, an_offset, a_branch, a_node, a_meta, both_metas, cut, cut_at_page, zeroed,
           swapped, swapped_alike, doubled, lost_write]
