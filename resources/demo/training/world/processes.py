"""Things done in a fixed order of steps; the next step is what a HellaSwag-shaped item asks for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Process:
    """Steps speak of {n} (name), {p} (he, she), {h} (his, her) and {x} (what is made), one sentence each."""

    title: str
    things: tuple
    steps: tuple


PROCESSES = (
    Process("Baking bread", ("a round loaf", "a dark loaf", "six small rolls", "a plaited loaf"), (
        "{n} wants to bake {x}.", "{P} pours flour into the bowl and adds water and salt.", "{P} kneads the dough on the table.",
        "{P} covers the dough with a cloth and waits for an hour.", "{P} shapes {x} with both hands.",
        "{P} slides {x} into the hot oven.", "{P} takes {x} out of the oven and lets it cool on the sill.")),
    Process("Fishing", ("trout", "perch", "eels"), (
        "{n} goes out to catch {x}.", "{P} carries the net down to the jetty.", "{P} unties the boat and rows to the middle of the lake.",
        "{P} throws the net over the side.", "{P} waits until the water is still.", "{P} pulls in the net full of {x}.",
        "{P} rows home and sells the {x} on the quay.")),
    Process("Making a jug", ("a tall jug", "a wide bowl", "a milk jug", "a blue cup"), (
        "{n} has an order for {x}.", "{P} wets a lump of clay and sets it on the wheel.", "{P} turns the wheel with {h} foot.",
        "{P} draws up the clay until it looks like {x}.", "{P} lets {x} dry in the sun.", "{P} burns {x} in the kiln overnight.",
        "{P} opens the kiln and paints {h} mark under {x}.")),
    Process("Sewing a coat", ("a winter coat", "a coat for a child", "a green cloak", "a rain cloak"), (
        "{n} is asked for {x}.", "{P} measures the arms and the back.", "{P} draws the parts of {x} on the cloth with chalk.",
        "{P} cuts the cloth along the lines.", "{P} threads the needle and sews the parts together.",
        "{P} sews on seven buttons.", "{P} brushes {x} and hangs it in the window.")),
    Process("Planting", ("cabbages", "beans", "onions", "pear trees"), (
        "{n} means to plant {x}.", "{P} digs over the bed with the spade.", "{P} breaks the lumps with the rake.",
        "{P} draws a straight line with a string.", "{P} sets the {x} in a row.", "{P} waters the {x} from the can.",
        "{P} puts up a fence so that no hare can eat the {x}.")),
    Process("Building a barrel", ("a wine barrel", "a small keg", "a rain barrel"), (
        "{n} begins {x}.", "{P} splits the ash wood into staves.", "{P} planes the staves until they fit.",
        "{P} stands the staves in a ring.", "{P} heats the wood over a small fire and bends it.",
        "{P} drives iron hoops down over the staves.", "{P} fills {x} with water to see that it is tight.")),
    Process("Printing", ("a songbook", "a map of the Vale", "the town paper", "a book of tales"), (
        "{n} prints {x}.", "{P} picks the letters from the case one by one.", "{P} locks the letters into the frame.",
        "{P} rolls black ink over the letters.", "{P} lays a sheet of paper on the ink and pulls the press.",
        "{P} hangs the wet sheets on a line.", "{P} folds the sheets and binds {x}.")),
    Process("Shoeing a horse", ("the grey mare", "the old plough horse", "the young stallion"), (
        "{n} has to shoe {x}.", "{P} ties {x} to the ring in the wall.", "{P} lifts the hoof and pulls off the old shoe.",
        "{P} heats the iron until it glows.", "{P} beats the iron into shape on the anvil.", "{P} cools the shoe in the water.",
        "{P} nails the shoe to the hoof of {x}.")),
    Process("Crossing the pass", ("the high pass", "the snow pass", "the goat pass"), (
        "{n} sets out over {x}.", "{P} packs bread and a warm blanket.", "{P} follows the marked stones up the slope.",
        "{P} rests in the hut below {x}.", "{P} ties a scarf over {h} face against the wind.",
        "{P} stands at the top of {x} and sees the whole Vale.", "{P} walks down the far side before dark.")),
    Process("Keeping bees", ("clover honey", "forest honey", "dark honey"), (
        "{n} goes to fetch {x}.", "{P} puts on a veil and thick gloves.", "{P} blows smoke into the hive.",
        "{P} lifts out the combs.", "{P} cuts the wax from the combs.", "{P} lets {x} drip into a pail.",
        "{P} fills {x} into jars and ties cloth over them.")),
)
