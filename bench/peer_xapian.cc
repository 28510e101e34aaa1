/* peer_xapian.cc -- Xapian with positions and without stems; compacted after it is built. */
#include <unistd.h>
#include <xapian.h>

#include <string>

#include "bench/peer.h"

static Xapian::WritableDatabase *writer;
static Xapian::Database *reader;
static std::string folder;

static void create(const char *dir)
{
    folder = dir;
    writer = new Xapian::WritableDatabase(folder + "/made", Xapian::DB_CREATE_OR_OVERWRITE);
}

static void open_index(const char *dir, bool write)
{
    folder = dir;
    if (write)
        writer = new Xapian::WritableDatabase(folder + "/index", Xapian::DB_OPEN);
    else
        reader = new Xapian::Database(folder + "/index");
}

static void add(const char *text, size_t len)
{
    Xapian::TermGenerator words;
    Xapian::Document doc;

    words.set_document(doc);
    words.index_text(std::string(text, len));
    writer->add_document(doc);
}

static void commit(void)
{
    writer->commit();
}

static void close_index(void)
{
    if (writer) {
        std::string made = folder + "/made";
        bool fresh = access((made + "/iamglass").c_str(), 0) == 0;

        writer->close();
        delete writer;
        writer = NULL;
        if (fresh) {
            Xapian::Database(made).compact(folder + "/index");
            if (system(("rm -r '" + made + "'").c_str()))
                peer_die(made.c_str(), "cannot be removed");
        }
    }
    delete reader;
    reader = NULL;
}

static Xapian::Query query_of(const struct question *q)
{
    std::string words[PEER_WORDS];

    for (int i = 0; i < q->count; i++)
        words[i] = q->words[i];
    if (is_type(q, "prefix"))
        return Xapian::Query(Xapian::Query::OP_WILDCARD, words[0]);
    if (is_type(q, "phrase3"))
        return Xapian::Query(Xapian::Query::OP_PHRASE, words, words + q->count);
    return Xapian::Query(is_type(q, "or3") ? Xapian::Query::OP_OR : Xapian::Query::OP_AND, words,
                         words + q->count);
}

static long ask(const struct question *q, bool count_only)
{
    Xapian::Enquire enquire(*reader);

    enquire.set_query(query_of(q));
    if (count_only)
        return (long)enquire.get_mset(0, 0, reader->get_doccount()).get_matches_estimated();
    return (long)enquire.get_mset(0, 10).size();
}

int main(int argc, char **argv)
{
    const struct peer peer = {"Xapian", create, open_index, add, commit, close_index, ask};

    return peer_main(&peer, argc, argv);
}
