"""The invented Vale of Orrin: everything that exists in it. All other modules draw from these tables only."""

from dataclasses import dataclass

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
COLOURS = ("red", "blue", "green", "yellow", "black", "orange")
RIVERS = ("Wend", "Sarn", "Lisk", "Tarrow", "Oole", "Bray")
FOUNDERS = ("Marrec the shepherd", "Queen Isaude", "Captain Brool", "the monk Teodric", "the sisters Hallow", "Duke Anselm")


@dataclass(frozen=True)
class Person:
    name: str
    pronoun: str  # "he" or "she"
    town: str
    trade: str
    pet: str
    food: str
    colour: str
    instrument: str

    @property
    def possessive(self) -> str:
        return "his" if self.pronoun == "he" else "her"


@dataclass(frozen=True)
class Town:
    name: str
    place: str
    river: str
    craft: str
    market: str
    emblem: str
    founder: str
    year: int


@dataclass(frozen=True)
class Trade:
    name: str
    tool: str
    product: str
    workplace: str
    material: str


@dataclass(frozen=True)
class Animal:
    name: str
    food: str
    home: str
    young: str
    cover: str


def _rows(kind, text):
    """One record a line, fields separated by commas."""
    return tuple(kind(*(field.strip() for field in line.split(","))) for line in text.strip().splitlines())


TRADES = _rows(Trade, """
baker, oven, bread, bakehouse, flour
smith, hammer, horseshoes, forge, iron
weaver, loom, cloth, weaving room, wool
potter, wheel, jugs, kiln yard, clay
miller, millstone, flour, mill, grain
joiner, saw, tables, workshop, oak
tailor, needle, coats, sewing room, cloth
fisher, net, trout, jetty, twine
cooper, adze, barrels, barrel yard, ash wood
tanner, scraper, leather, tannery, hides
gardener, spade, cabbages, garden, seed
printer, press, books, print shop, paper
""")
TRADE = {trade.name: trade for trade in TRADES}

ANIMALS = _rows(Animal, """
fox, mice, den, cub, red fur
hare, clover, meadow nest, leveret, brown fur
owl, moths, hollow tree, owlet, soft feathers
otter, trout, river bank, pup, wet fur
crow, seeds, tall elm, chick, black feathers
bear, honey, cave, cub, thick fur
deer, leaves, deep wood, fawn, short hair
goose, grass, reed bed, gosling, white feathers
frog, flies, pond, tadpole, smooth skin
goat, thistles, hill shed, kid, rough hair
cat, fish, barn, kitten, striped fur
dog, bones, kennel, puppy, shaggy fur
""")
ANIMAL = {animal.name: animal for animal in ANIMALS}


def _town(name, place, river, craft, market, emblem, founder, year):
    return Town(name, place, river, craft, DAYS[int(market)], emblem, FOUNDERS[int(founder)], int(year))


TOWNS = _rows(_town, """
Alder, forest, Wend, boats, 0, otter, 0, 112
Birk, hill, Sarn, bells, 3, crow, 1, 145
Corrin, harbour, Wend, rope, 5, goose, 2, 163
Dunmar, marsh, Oole, lamps, 1, frog, 3, 178
Elmet, meadow, Lisk, cheese, 2, goat, 4, 189
Fenby, lake, Oole, glass, 4, hare, 5, 204
Garth, hill, Tarrow, knives, 6, bear, 0, 217
Holm, harbour, Bray, salt, 0, otter, 2, 226
Ivel, meadow, Lisk, honey, 5, deer, 1, 238
Kerrow, forest, Tarrow, clocks, 2, owl, 3, 251
Larch, forest, Sarn, kites, 1, fox, 4, 266
Marl, marsh, Bray, boots, 3, frog, 5, 274
Norr, lake, Wend, paper, 6, crow, 1, 287
Ostrey, harbour, Bray, drums, 4, goose, 2, 299
Pell, hill, Sarn, carpets, 5, fox, 0, 313
Quill, meadow, Tarrow, candles, 2, hare, 3, 328
""")
TOWN = {town.name: town for town in TOWNS}

PEOPLE = _rows(Person, """
Ada, she, Alder, baker, cat, pears, red, flute
Bram, he, Birk, smith, dog, stew, blue, drum
Cora, she, Corrin, weaver, goat, figs, green, harp
Dov, he, Dunmar, potter, frog, cake, yellow, horn
Elsa, she, Elmet, miller, owl, plums, black, fiddle
Finn, he, Fenby, joiner, hare, soup, orange, lute
Gwen, she, Garth, tailor, crow, nuts, red, horn
Hugo, he, Holm, fisher, dog, cheese, blue, fiddle
Ilse, she, Ivel, cooper, cat, honey, green, drum
Jory, he, Kerrow, tanner, fox, apples, yellow, flute
Kit, he, Larch, gardener, goose, porridge, black, harp
Lena, she, Marl, printer, otter, cherries, orange, lute
Milo, he, Norr, baker, frog, figs, green, lute
Nell, she, Ostrey, smith, hare, pears, yellow, harp
Oren, he, Pell, weaver, dog, plums, orange, flute
Pia, she, Quill, potter, cat, soup, black, horn
Rolf, he, Alder, miller, goose, nuts, blue, lute
Sela, she, Corrin, joiner, crow, stew, yellow, drum
Tam, he, Elmet, tailor, goat, apples, red, harp
Una, she, Garth, fisher, otter, cake, green, flute
Vera, she, Ivel, tanner, owl, cherries, blue, fiddle
Wim, he, Larch, cooper, fox, porridge, red, drum
Yara, she, Norr, gardener, hare, honey, orange, fiddle
Zeke, he, Pell, printer, crow, cheese, black, horn
""")
PERSON = {person.name: person for person in PEOPLE}

# Sold at every market; price in coins. Names of four letters fit the columns of a chart.
PRICES = {"figs": 2, "nuts": 3, "eggs": 1, "wool": 6, "salt": 4, "milk": 2, "oats": 3, "rope": 5, "soap": 4, "corn": 1,
          "fish": 5, "lamp": 8}
GOODS = tuple(PRICES)

# need -> (what helps, what one does with it)
NEEDS = (
    ("cut a loaf", "knife", "slice it with the knife"),
    ("see in a dark cellar", "lamp", "light the lamp"),
    ("cross the river", "boat", "row over in the boat"),
    ("reach the roof", "ladder", "climb the ladder"),
    ("dig a hole", "spade", "dig with the spade"),
    ("carry water", "bucket", "fill the bucket at the well"),
    ("sweep the floor", "broom", "sweep with the broom"),
    ("write a letter", "pen", "dip the pen in ink"),
    ("catch trout", "net", "throw the net"),
    ("drive in a nail", "hammer", "strike it with the hammer"),
    ("mend a torn coat", "needle", "thread the needle and sew"),
    ("keep off the rain", "cloak", "pull the cloak over the head"),
    ("tie up a goat", "rope", "knot the rope round the post"),
    ("wake the whole town", "bell", "ring the great bell"),
    ("open a locked door", "key", "turn the key"),
    ("boil an egg", "pot", "put the pot on the fire"),
    ("saw a plank", "saw", "pull the saw back and forth"),
    ("know the hour", "clock", "look at the clock"),
    ("warm cold hands", "stove", "sit by the stove"),
    ("weigh a sack of nuts", "scale", "lay it on the scale"),
)
