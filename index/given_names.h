/* given_names.h -- common first names, by the sex they are mostly given to. Common knowledge, typed by hand
 * for this project. A name that both bear stands in both lists and then tells nothing.
 */
#ifndef INDEX_GIVEN_NAMES_H
#define INDEX_GIVEN_NAMES_H

/* clang-format off */
#define GIVEN_MALE                                                                                             \
    "aaron abdul abdullah abraham adam adrian ahmed ahmad akira al alan albert alberto alejandro aleksandr "   \
    "alec alex alexander alexandre alexei alfred ali allan allen alvin amir anders andre andrea andreas andrei "  \
    "andrew andy angelo angus anthony antoine antonio anton armando arnold arthur ashton asif axel "    \
    "barry bart bashar ben benjamin benny bernard bernd bernie bert bilal bill billy björn bob bobby boris "   \
    "brad bradley brandon brendan brent bret brett brian bruce bruno bryan byron calvin cameron carl carlo "   \
    "carlos carson cecil cedric chad charles charlie chris christian christoph christophe christopher chuck "  \
    "claude clarence claus clay clayton cliff clifford clint clinton cody colin conrad corey cory craig curt " \
    "curtis cyrus dale damian damon dan daniel daniele danny darrell darren dave david dean dennis denis derek " \
    "devin diego dieter dietmar dimitri dirk dmitry dominic dominik don donald donnie doug douglas duane "     \
    "duncan dustin dwayne dwight earl ed eddie edgar edmund eduardo edward edwin elias eli elijah elliot "     \
    "elliott emil emilio emmanuel enrique eric erich erik ernest ernesto erwin ethan étienne eugene evan "     \
    "fabian fabrice farid felipe felix ferdinand fernando florian floyd francesco francis francisco franck "   \
    "frank franklin franz fred freddie frédéric frederick fredrik friedrich fritz gabriel garrett gary gavin " \
    "gene geoff geoffrey georg george georges gerald gerard gerhard gianni gilbert gilles giorgi giovanni "    \
    "giuseppe glen glenn gordon graham grant greg gregg gregor gregory guillaume guillermo gunnar günter "     \
    "gustav guy hal hamid hans harald harold harry hartmut harvey hasan henning henrik hassan hector heinrich heinz helmut "  \
    "henri henrik henry herbert herman hermann hernan hiroshi horst howard hubert hugh hugo hussein ian ibrahim igor " \
    "ignacio imran ismail isaac ivan jack jackson jacob jacques jake jakob jamal james jamie jan jared jason " \
    "javier jay jean jeb jeff jeffrey jens jeremy jerome jerry jesse jesús jim jimmy joachim joaquin jochen "  \
    "joe joel joerg johan johann johannes john johnny jon jonah jonas jonathan jordan jorge josé josef joseph "  \
    "josh joshua juan juha julian julien julio junichi jürgen justin kai karim karl karsten keith ken " \
    "kenji kenneth kenny kent kevin khaled khalid kim kirk klaus knut konrad konstantin kurt kyle lance " \
    "larry lars laurent lawrence lee len leo leon leonard leonardo leroy leslie lester lewis liam lincoln "    \
    "lindsey lionel lloyd logan lorenzo lothar lou louis luc luca lucas luis luigi luke lutz mahmoud mahmud "  \
    "malcolm malik manfred manuel marc marcel marco marcos marcus mario marion mark markus marshall martin "   \
    "marty marvin mason massimo mateo mathias mats matt matteo matthew matthias maurice mauricio max "         \
    "maximilian mehmet mel michael michel miguel mikael mike mikhail milan miles milton mitch mitchell mitt "  \
    "mohamed mohammad mohammed morgan morris moses muhammad mustafa nathan nathaniel neal ned neil nelson "    \
    "newt nicholas nick nicolas niels nigel nikolai nils noah noel norbert norman oleg olaf oliver olivier "   \
    "olof omar orlando oscar oskar osama otto owen pablo paolo pascal pat patrick paul pavel pedro per perry " \
    "pete peter phil philip philipp philippe phillip pierre piotr pierce preston quentin rafael ralf ralph "   \
    "ramon ramón randall randy raphael rashid raul ravi ray raymond reinhard reinhold rémi rené rex "   \
    "ricardo rich richard rick rico ricky rob robbie robert roberto robin rod roderick rodney rodrigo roger "  \
    "roland rolf roman romain ron ronald ronnie ross roy ruben rudolf rudy rufus rupert russ russell ryan "    \
    "sal salvador salman sam samir samuel sandro sanjay santiago saul scott sean sebastian sebastien "    \
    "serge sergei sergey sergio seth shane shaun shawn sheldon sidney siegfried simon spencer stan stanley "   \
    "stefan stefano stephan stephane stephen sterling steve steven stewart stuart sven takashi tariq ted "     \
    "terrence terry theo theodore thierry thilo thomas tim timo timothy tobias toby todd tom tommy tony "      \
    "torsten travis trent trevor tristan troy tyler udo ulf ulrich ulysses uwe valentin vernon victor viktor " \
    "vincent vinzenz vito vladimir volker wade wallace walt walter warren wayne wendell werner wes wesley "    \
    "wilbur wilfried wilhelm will willem william willie wilson winston wolf wolfgang xavier yann yannick "     \
    "yasser yosef youssef yusuf yves yuri zach zachary zack khalil nabil sami tarek waleed ziad faisal "       \
    "александр алексей андрей антон борис вадим василий виктор владимир владислав вячеслав геннадий "          \
    "дмитрий евгений иван игорь илья кирилл константин леонид максим михаил никита николай олег павел пётр "   \
    "роман сергей станислав степан юрий محمد أحمد علي حسن حسين خالد عمر يوسف إبراهيم محمود سامي كريم طارق "      \
    "donny arne göran håkan jörgen lennart magnus ove rune stig sture torbjörn ulrik birger bertil"

#define GIVEN_FEMALE                                                                                           \
    "abigail ada adele adriana agnes agnès aisha alexandra alexis alice alicia alina alisa alison allison "    \
    "alma amal amalia amanda amber amelia amelie amina amy ana anastasia andrea angela angelika angelina "     \
    "anita ann anna anne annegret annette annie anika antje antonia ariana arianna asma astrid audrey "  \
    "ava barbara beate beatrice beatriz becky belinda bernadette bertha beth bethany betsy betty beverly "     \
    "bianca birgit birgitta bonnie brenda bridget brigitte brigitta britta brittany brooke camila camilla "    \
    "camille candace candice carina carla carly carmen carol carolina caroline carolyn carrie cassandra "      \
    "catalina catherine cathy cecilia cecile celeste celia chantal charlene charlotte chelsea cheryl chloe "   \
    "christa christiane christina christine cindy claire clara clarissa claudia colette colleen concepción "   \
    "condoleezza connie constance cora corinne cornelia courtney cristina crystal cynthia dagmar daisy dana "  \
    "daniela danielle daphne dawn debbie deborah debra delia della denise diana diane dianne dina dolores "    \
    "dominique donna dora doreen doris dorothea dorothy ebba edith edna eileen elaine eleanor elena eleni "    \
    "elisa elisabeth elise elizabeth ella ellen elsa elvira emilia emilie emily emma erica erika erin esther " \
    "ethel eugenia eva evelyn faith fatima fatma felicia fiona florence frances francesca françoise frauke "   \
    "frida friederike gabriela gabriele gabrielle gail gemma genevieve georgia geraldine gerda gertrude "      \
    "gina ginger giovanna gisela gloria grace greta gretchen guadalupe gudrun gwen hanna hannah hannelore "    \
    "harriet hazel heather heidi heike helen helena helene helga henrietta hilary hilda hillary holly hope "   \
    "huma ida ilona ilse ines inez inga inge ingeborg ingrid irene irina iris irma isabel isabella isabelle "  \
    "ivana ivanka ivy jackie jacqueline jan jana jane janet janice janine jasmine jean jeanette jeanne jen "   \
    "jenna jennifer jenny jessica jill jo joan joann joanna joanne jocelyn josefina josephine joy joyce "      \
    "juanita judith judy jules julia juliana julie juliet justine jutta kamala kara karen karin karina "  \
    "karla karoline kate katharina katharine katherine kathleen kathryn kathy katie katja katrin katrina kay " \
    "kayla kayleigh kelly kerry kerstin khadija kim kimberly kirsten kirstin krista kristen "        \
    "kristin kristina kristine lana lara laila larissa latoya laura lauren laurie layla lea leah leila lena "  \
    "leona leonie leslie leticia lillian lily lina linda lindsay linnea lisa liz liza lois lola loretta lori "  \
    "lorraine louise lucia lucie lucille lucy luisa lydia lynn mabel madeleine madeline magda magdalena "      \
    "maggie maja mandy manuela marcia margaret margarita margot margrethe marguerite mari maria mariam " \
    "marian mariana marianne marie marilyn marina marine marion marisa marissa marjorie marlene marsha marta " \
    "martha martina mary maryam maude maureen maxine maya megan meghan megyn mélanie melania melanie melinda " \
    "melissa mercedes meredith michaela michele michelle mildred mina miranda miriam misty molly mona monica " \
    "monika monique myra nadia nadine nancy naomi natalia natalie natasha nicole nina noor nora norma "  \
    "nour odette olga olivia ophelia paige pam pamela patricia patty paula paulina pauline pearl peggy "       \
    "penelope penny petra phyllis pia priscilla rachel raquel rebecca regina renata renate renee "    \
    "rhonda rita roberta robin rosa rosalie rose rosemary roxanne ruby ruth sabine sabrina sally samantha "    \
    "sandra sandy sara sarah sasha savannah selma serena shannon sharon sheila shelby shelley sherry shirley " \
    "sibylle sienna sigrid silke silvia simone sofia sofie sonia sonja sophia sophie stacey stacy stefanie "   \
    "stella stephanie sue susan susana susanne suzanne svenja sybil sylvia sylvie tamara tammy tanja tanya "   \
    "tara tatiana teresa terri tessa thea theresa therese tiffany tina toni tonya tracey traci tracy ulla "    \
    "ulrike ursula uta ute valentina valeria valerie vanessa vera verena veronica veronika vicki vicky "       \
    "victoria viola violet virginia vivian wanda waltraud wendy wilhelmina wilma winifred yasmin yolanda "     \
    "yoko yuko yulia yvette yvonne zainab zoe zofia zuzana анна алла анастасия валентина вера виктория галина "\
    "дарья евгения екатерина елена ирина ксения лариса людмила маргарита марина мария надежда наталья нина "   \
    "ольга полина светлана софья татьяна юлия فاطمة مريم ليلى سارة زينب نور عائشة هدى سلمى رنا "                    \
    "annika birgitta gunilla kajsa kerstin lotta märta maj åsa ulrika ylva"
/* clang-format on */

#endif
