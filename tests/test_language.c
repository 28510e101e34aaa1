/* test_language.c -- which language a text is told to be in, and that words are looked up in it alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "index/sentence.h"

/* The code of the language that language_of gives a text. */
static const char *told(const char *text, const char *said)
{
    struct arena mem = ARENA_INIT;
    struct article like = {.text = span_of(text), .end = (uint32_t)strlen(text), .line = 1}, *articles = NULL;
    uint32_t count = 0;
    const char *code;

    like.lang = span_of(said);
    assert_int_equal(article_split(&mem, &like, &articles, &count), 0);
    assert_int_equal(count, 1);
    code = language_of(&articles[0])->code;
    arena_free(&mem);
    return code;
}

/* clang-format off */
static const struct {
    const char *code, *text;
} texts[] = {
    {"en", "The ferry stayed in the harbour all week, and nobody could say when it would sail."},
    {"en", "“We did it,” said Mayor Ada Kovar."},
    {"en", "Kovar told the council that the bridge would not be finished before the winter."},
    {"de", "Die Fähre lag die ganze Woche im Hafen, und niemand wusste, wann sie wieder fährt."},
    {"de", "„Die Brücke ist fertig“, sagte Erika Brandner."},
    {"fr", "Le bac est resté au port toute la semaine et personne ne sait quand il repartira."},
    {"fr", "« Nous sommes prêts », a déclaré la maire."},
    {"es", "El barco no salió del puerto en toda la semana, y nadie sabe cuándo volverá."},
    {"es", "—No lo sé —dijo Marta Ribas—."},
    {"it", "Il traghetto è rimasto nel porto per tutta la settimana e nessuno sa quando ripartirà."},
    {"pt", "A balsa ficou no porto durante toda a semana e ninguém sabe quando ela vai sair."},
    {"ro", "Feribotul a rămas în port toată săptămâna și nimeni nu știe când va pleca."},
    {"ca", "El vaixell no ha sortit del port en tota la setmana i ningú no sap quan ho farà amb els passatgers."},
    {"gl", "O barco non saíu do porto en toda a semana e ninguén sabe cando o vai facer, pero xa hai unha data."},
    {"nl", "De veerboot lag de hele week in de haven en niemand weet wanneer hij weer vaart."},
    {"af", "Die veerboot het die hele week in die hawe gelê en niemand weet wanneer hy weer sal vaar nie."},
    {"sv", "Färjan låg kvar i hamnen hela veckan och ingen vet när den ska gå igen."},
    {"da", "Færgen blev liggende i havnen hele ugen, og ingen ved, hvornår den sejler igen. Det siger hun ikke noget om."},
    {"no", "Fergen ble liggende i havnen hele uken, og ingen vet når den går igjen. Det sier hun ikke noe om."},
    {"is", "Ferjan lá í höfninni alla vikuna og það er ekki vitað hvenær hún fer aftur en þeir segja "
           "að það verði."},
    {"fi", "Lautta oli satamassa koko viikon, eikä kukaan tiedä, milloin se lähtee, sanoo Aino Salo."},
    {"et", "Praam oli terve nädala sadamas ja keegi ei tea, millal see jälle sõidab, ütles Mari Kask."},
    {"pl", "Prom stał w porcie przez cały tydzień i nikt nie wie, kiedy znowu popłynie."},
    {"cs", "Přívoz stál celý týden v přístavu a nikdo neví, kdy se zase rozjede, řekla Jana Malá."},
    {"sk", "Prievoz stál celý týždeň v prístave a nikto nevie, kedy sa zase rozbehne, povedala Jana Malá."},
    {"sl", "Trajekt je ves teden stal v pristanišču in nihče ne ve, kdaj bo spet plul, ker so se pokvarili stroji."},
    {"sh", "Trajekt je cijeli tjedan stajao u luci i nitko ne zna kada će opet ploviti, rekla je ravnateljica."},
    {"sh", "Трајект је целе недеље стајао у луци и нико не зна када "
           "ће опет да плови, рекла је директорка."},
    {"hu", "A komp egész héten a kikötőben állt, és senki nem tudja, hogy mikor indul újra, mondta Kis Anna."},
    {"lv", "Prāmis visu nedēļu stāvēja ostā, un neviens nezina, kad tas atkal brauks, jo ir bojāts."},
    {"lt", "Keltas visą savaitę stovėjo uoste ir niekas nežino, kada jis vėl plauks, nes yra sugedęs, bet "
           "tai ne viskas."},
    {"sq", "Trageti qëndroi në port gjatë gjithë javës dhe askush nuk e di se kur do të niset për në ishull."},
    {"eu", "Ontzia portuan egon da aste osoan eta inork ez daki noiz aterako den, baina hori ez da dena."},
    {"ga", "Bhí an bád sa chuan ar feadh na seachtaine agus níl a fhios ag aon duine cathain a bheidh sé ag imeacht."},
    {"cy", "Roedd y fferi yn yr harbwr drwy gydol yr wythnos ac nid oes neb yn gwybod pryd y bydd hi yn mynd."},
    {"tr", "Vapur bütün hafta limanda kaldı ve ne zaman gideceği belli değil, dedi Ayşe Demir."},
    {"id", "Kapal itu berada di pelabuhan sepanjang minggu dan tidak ada yang tahu kapan akan berangkat lagi."},
    {"vi", "Con phà nằm ở bến cả tuần và không ai biết khi nào nó sẽ chạy lại, một "
           "người đã nói như vậy."},
    {"sw", "Kivuko kilikaa bandarini kwa wiki nzima na hakuna anayejua kitaondoka lini, alisema meya wa mji huo."},
    {"el", "Το πλοίο έμεινε στο λιμάνι όλη την εβδομάδα και κανείς "
           "δεν ξέρει πότε θα φύγει."},
    {"ru", "Паром всю неделю стоял в порту, и никто не знает, когда "
           "он снова пойдёт."},
    {"uk", "Пором увесь тиждень стояв у порту, і ніхто не знає, коли "
           "він знову піде."},
    {"be", "Паром увесь тыдзень стаяў у порце, і ніхто не ведае, "
           "калі ён зноў пойдзе."},
    {"bg", "Фериботът стоя в пристанището цялата седмица и никой "
           "не знае кога ще тръгне."},
    {"mk", "Траектот стоеше во пристаништето цела недела и никој "
           "не знае кога ќе тргне."},
    {"he", "המעבורת עמדה בנמל כל השבוע ואף אחד לא יודע מתי היא תצא שוב."},
    {"ar", "بقيت العبارة في الميناء طوال الأسبوع ولا أحد يعرف متى "
           "تغادر إلى الجزيرة."},
    {"fa", "کشتی تمام هفته در بندر ماند و هیچ کس نمی‌داند که چه "
           "زمانی به راه می‌افتد."},
    {"ur", "کشتی پورا ہفتہ بندرگاہ میں رہی اور کوئی نہیں جانتا کہ "
           "یہ کب روانہ ہو گی۔"},
    {"hi", "नौका पूरे सप्ताह बंदरगाह में रही और "
           "कोई नहीं जानता कि वह कब चलेगी।"},
    {"ja", "船は一週間ずっと港に止まっていた。いつ出るのかは誰も知らない。"},
    {"zh", "渡船整個星期都停在港口，沒有人知道它什麼時候再開。"},
    {"ko", "배는 일주일 내내 항구에 머물렀고 언제 떠날지 아무도 모른다."},
    /* One main language, whatever it quotes. */
    {"en", "The mayor said in German that “die Brücke ist fertig”, and the crowd in the square was not sure "
           "what that meant."},
    {"de", "Der Minister sprach im Radio von einem “very good deal for all of us” und wollte sonst nichts dazu sagen."},
    /* Nothing to go by. */
    {"und", "Ada Kovar, Lindau"},
    {"und", "Shr 34 cts vs 1.19 dlrs"},
    {"und", "გემი მთელი კვირა ნავსადგურში იდგა და "
            "არავინ იცის როდის გავა."},
    {"und", "12.30 14.15 19.00"},
    {"und", "?"},
};
/* clang-format on */

static void each_text_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *code = told(texts[i].text, "");

        if (strcmp(code, texts[i].code) != 0)
            fail_msg("%s, not %s: %s", texts[i].code, code, texts[i].text);
    }
}

static void what_an_article_says_of_itself_counts_where_its_words_do_not_tell(void **state)
{
    (void)state;
    assert_string_equal(told("Ada Kovar, Lindau", "de-CH"), "de");
    assert_string_equal(told("Ada Kovar, Lindau", "xx"), "und");
    assert_string_equal(told("The ferry stayed in the harbour all week.", "de"), "en");
}

/* Many words of one language, and then as many of another: the main one is that of the beginning, and both are read
 * only as far as is needed. */
static void a_long_text_is_told(void **state)
{
    static char text[400 * 1024];
    size_t len = 0;

    (void)state;
    while (len < sizeof text - 100)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s ",
                                len < 200 * 1024 ? "die Fähre lag im Hafen und"
                                                 : "the ferry was in the harbour and");
    assert_string_equal(told(text, ""), "de");
}

static const struct language *named(const char *code)
{
    const struct language *l = language_named(span_of(code));

    assert_string_equal(l->code, code);
    return l;
}

static void a_word_has_the_kinds_of_its_language(void **state)
{
    const struct language *en = named("en"), *de = named("de"), *fr = named("fr"), *sv = named("sv"),
                          *none = named("und");

    (void)state;
    assert_true(lex_bits(SPAN("die"), de) & LEX_DET);
    assert_false(lex_bits(SPAN("die"), en) & LEX_DET);
    assert_true(lex_bits(SPAN("a"), en) & LEX_DET);
    assert_false(lex_bits(SPAN("a"), fr) & LEX_DET);
    assert_true(lex_bits(SPAN("a"), fr) & LEX_AUX);
    assert_true(lex_bits(SPAN("sa"), sv) & LEX_CUE);
    assert_true(lex_bits(SPAN("sa"), fr) & LEX_DET);
    assert_int_equal(lex_bits(SPAN("sa"), en), 0);
    assert_true(lex_bits(SPAN("said"), en) & LEX_CUE);
    for (unsigned i = 0; i < language_count; i++)
        if (&languages[i] != en)
            assert_false(lex_bits(SPAN("said"), &languages[i]) & LEX_CUE);
    assert_int_equal(lex_bits(SPAN("the"), none), 0);
    assert_int_equal(lex_bits(SPAN("qwertz"), en), 0);
}

static void names_and_places_are_known_everywhere(void **state)
{
    (void)state;
    for (unsigned i = 0; i < language_count; i++) {
        assert_true(lex_bits(SPAN("Elizabeth"), &languages[i]) & LEX_FEMALE);
        assert_true(lex_bits(SPAN("Дмитрий"), &languages[i]) & LEX_MALE);
        assert_true(lex_bits(SPAN("Nebraska"), &languages[i]) & LEX_PLACE);
        assert_true(lex_bits(SPAN("UNESCO"), &languages[i]) & LEX_ORG);
    }
}

static void verbs_are_inflected(void **state)
{
    const struct language *en = named("en");
    static const struct {
        const char *word;
        uint32_t kind;
    } forms[] = {{"add", LEX_CUE_BASE},   {"adds", LEX_CUE},        {"added", LEX_CUE},
                 {"adding", LEX_CUE_ING}, {"quipped", LEX_CUE},     {"denies", LEX_CUE},
                 {"denied", LEX_CUE},     {"denying", LEX_CUE_ING}, {"preaches", LEX_CUE},
                 {"argued", LEX_CUE},     {"arguing", LEX_CUE_ING}, {"says", LEX_CUE},
                 {"saying", LEX_CUE_ING}, {"wrote", LEX_CUE},       {"conveys", LEX_CUE}};

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (!(lex_bits(span_of(forms[i].word), en) & forms[i].kind))
            fail_msg("%s is no %x", forms[i].word, forms[i].kind);
    assert_false(lex_bits(SPAN("addes"), en) & LEX_CUE);
}

static void anywhere_is_all_languages_together(void **state)
{
    (void)state;
    assert_true(lex_bits_anywhere(SPAN("die")) & LEX_DET);
    assert_true(lex_bits_anywhere(SPAN("said")) & LEX_CUE);
    assert_true(lex_bits_anywhere(SPAN("sa")) & LEX_CUE);
    assert_int_equal(lex_bits_anywhere(SPAN("qwertz")), 0);
    assert_true(lex_period(SPAN("Dr")) & LEX_BEFORE);
    assert_int_equal(lex_period(SPAN("Kovar")), 0);
}

/* A word that is also a first name is one at the beginning of a sentence only before a capital or a verb of speech. */
static void a_first_name_that_is_a_word_is_told_by_what_follows(void **state)
{
    static const struct {
        const char *text;
        bool name;
    } table[] = {{"Will the ferry sail?", false},
                 {"Will Ostrander left.", true},
                 {"Will said no.", true},
                 {"Hope is no plan.", false},
                 {"Hope O'Dell left.", true},
                 {"Ada is no plan.", true},
                 {"Will", false}};
    struct arena mem = ARENA_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct block block = {0, (uint32_t)strlen(table[i].text), BLOCK_BODY, 0, 0, 0};
        struct article a = {
            .text = span_of(table[i].text), .end = block.end, .blocks = &block, .block_count = 1};
        struct scan scan;

        assert_int_equal(sentence_scan(&mem, &a, named("en"), NULL, 0, &scan), 0);
        if (((scan.tokens[0].bits & (LEX_MALE | LEX_FEMALE)) != 0) != table[i].name)
            fail_msg("%s", table[i].text);
    }
    arena_free(&mem);
}

/* The unknown language names nobody; English prints no dialogue after dashes. */
static void rules_are_those_of_the_files(void **state)
{
    (void)state;
    assert_int_equal(named("und")->rules, 0);
    assert_true(language_allows(named("en"), LANGUAGE_SUBJECT));
    assert_false(language_allows(named("en"), LANGUAGE_DIALOGUE));
    assert_true(language_allows(named("pl"), LANGUAGE_DIALOGUE));
    assert_false(language_allows(named("pl"), LANGUAGE_SUBJECT));
    assert_int_equal(named("ja")->rules, LANGUAGE_PARTICLE);
    assert_int_equal(named("de")->capitals, CAPITALS_NOUNS);
    assert_int_equal(named("ar")->capitals, CAPITALS_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_text_is_told),
        cmocka_unit_test(what_an_article_says_of_itself_counts_where_its_words_do_not_tell),
        cmocka_unit_test(a_long_text_is_told),
        cmocka_unit_test(a_word_has_the_kinds_of_its_language),
        cmocka_unit_test(names_and_places_are_known_everywhere),
        cmocka_unit_test(verbs_are_inflected),
        cmocka_unit_test(anywhere_is_all_languages_together),
        cmocka_unit_test(a_first_name_that_is_a_word_is_told_by_what_follows),
        cmocka_unit_test(rules_are_those_of_the_files),
    };

    return cmocka_run_group_tests_name("languages and their words", tests, NULL, NULL);
}
