"""Stories and town pages: several sentences that agree with the facts of the Vale and with themselves."""

import random

from world import lexicon as lex
from world.processes import PROCESSES, Process
from world.text import a, sentence

WEATHER = (("The sun shone", "warm"), ("It rained", "wet"), ("Snow fell", "cold"), ("A strong wind blew", "windy"), ("Fog lay", "grey"))
PLACES = ("under the bench", "behind the door", "in the well", "on the bridge", "beside the stove", "in the hay", "on the roof", "under the cart")
LOST = ("key", "ring", "knife", "hat", "pen", "whistle", "purse", "glove")
FEELINGS = {"warm": "The day was warm, so {n} left the coat at home.", "wet": "The roads were wet, so {n} took a cloak.",
            "cold": "The air was cold, so {n} put on gloves.", "windy": "The wind was high, so {n} held on to {h} hat.",
            "grey": "The fog was thick, so {n} walked slowly."}


def fill(template: str, person: lex.Person, thing: str = "") -> str:
    return template.format(n=person.name, p=person.pronoun, P=sentence(person.pronoun), h=person.possessive,
                           H=sentence(person.possessive), x=thing)


def process_sentences(person: lex.Person, process: Process, thing: str) -> list[str]:
    return [fill(step, person, thing) for step in process.steps]


def process_story(rng: random.Random) -> str:
    """A process by its title, as a HellaSwag context reads."""
    process = rng.choice(PROCESSES)
    steps = process_sentences(rng.choice(lex.PEOPLE), process, rng.choice(process.things))
    return process.title + ": " + " ".join(steps)


def working_day(rng: random.Random) -> str:
    person = rng.choice(lex.PEOPLE)
    trade, town = lex.TRADE[person.trade], lex.TOWN[person.town]
    weather, kind = rng.choice(WEATHER)
    lines = [
        f"{person.name} the {person.trade} woke early in {person.town}.",
        f"{weather} over the {town.place}.", fill(FEELINGS[kind], person),
        fill(f"{{P}} put on {{h}} {person.colour} coat and gave the {person.pet} some {lex.ANIMAL[person.pet].food}.", person),
        f"Then {person.pronoun} went to the {trade.workplace} beside the river {town.river}.",
        fill(f"{{P}} took the {trade.tool} and the {trade.material} and worked until noon.", person),
        f"At noon {person.pronoun} ate {person.food}.",
        f"By evening there was enough {trade.product} for all of {person.town}.",
        f"At night {person.name} played the {person.instrument}, and the {person.pet} listened.",
    ]
    keep = sorted(rng.sample(range(1, len(lines)), rng.randint(4, 8)))
    return " ".join([lines[0], *(lines[index] for index in keep)])


def journey(rng: random.Random) -> str:
    """A trip to another town's market, with prices and change that add up."""
    person = rng.choice(lex.PEOPLE)
    town = rng.choice([town for town in lex.TOWNS if town.name != person.town])
    good, count = rng.choice(lex.GOODS), rng.randint(1, 3)
    cost = lex.PRICES[good] * count
    purse = cost + rng.randint(0, 9)
    return " ".join([
        f"On {town.market} {person.name} travelled from {person.town} to {town.name}.",
        rng.choice([f"The road followed the river {town.river} as far as the {town.place}.",
                    f"Over the gate of {town.name} hung a flag with {a(town.emblem)}."]),
        fill(f"{{P}} had {purse} coins in {{h}} purse.", person),
        f"At the market {good} cost {lex.PRICES[good]}, and {person.pronoun} wanted {count}.",
        fill(f"{{P}} paid {cost} coins and had {purse - cost} left.", person),
        rng.choice([f"People in {town.name} make {town.craft}, and {person.name} looked at them for a long time.",
                    f"An old man told {person.name} how {town.founder} founded {town.name} in the year {town.year}.",
                    fill(f"On the way home {{p}} thought of {person.food} and of {{h}} {person.pet}.", person)]),
    ])


def lost_thing(rng: random.Random) -> str:
    """Somebody loses a thing, somebody else finds it where it was left."""
    owner, finder = rng.sample(lex.PEOPLE, 2)
    thing, place = rng.choice(LOST), rng.choice(PLACES)
    wrong = rng.choice([entry for entry in PLACES if entry != place])
    return " ".join([
        f"{owner.name} left the {thing} {place}.",
        fill(f"The next day {{p}} could not find it and asked {finder.name} for help.", owner),
        f"{finder.name} looked {wrong}, but the {thing} was not there.",
        f"Then {finder.name} looked {place}, and there was the {thing}.",
        f'"Here is the {thing}," said {finder.name}. "It was {place} all the time."',
        f"{owner.name} thanked {finder.name} and gave {'him' if finder.pronoun == 'he' else 'her'} some {finder.food}.",
    ])


def animal_tale(rng: random.Random) -> str:
    first, second = rng.sample(lex.ANIMALS, 2)
    return " ".join([
        f"One evening the {first.name} left the {first.home} to look for {first.food}.",
        f"On the way the {first.name} met the {second.name}.",
        f'"What do you eat?" asked the {first.name}. "I eat {second.food}," said the {second.name}, "and I sleep in the {second.home}."',
        f'"I eat {first.food}," said the {first.name}, "so we need not quarrel."',
        rng.choice([f"The {second.name} had {second.cover}, and the {first.name} had {first.cover}.",
                    f"The {second.name} had a {second.young}, and the {first.name} had a {first.young}."]),
        f"Then the {first.name} went home to the {first.home} and the {second.name} to the {second.home}.",
    ])


def town_page(rng: random.Random) -> str:
    town = rng.choice(lex.TOWNS)
    lines = [f"{town.name} is a {town.place} town on the river {town.river}.",
             f"It was founded by {town.founder} in the year {town.year}.",
             f"Its flag shows {a(town.emblem)}, and its people make {town.craft}.",
             f"The market of {town.name} is held on {town.market}."]
    for person in lex.PEOPLE:
        if person.town == town.name:
            lines.append(f"{person.name} the {person.trade} lives here with {a(person.pet)} and plays the {person.instrument}.")
    head, rest = lines[0], lines[1:]
    rng.shuffle(rest)
    return f"= {town.name} =\n\n" + " ".join([head, *rest])


def person_page(rng: random.Random) -> str:
    person = rng.choice(lex.PEOPLE)
    trade = lex.TRADE[person.trade]
    lines = [f"{sentence(person.pronoun)} keeps {a(person.pet)} and plays the {person.instrument}.",
             f"{sentence(person.pronoun)} likes {person.food} best and wears a coat of {person.colour}.",
             f"A {person.trade} works in the {trade.workplace} with the {trade.tool} and makes {trade.product} from {trade.material}."]
    rng.shuffle(lines)
    return f"= {person.name} =\n\n{person.name} is a {person.trade} and lives in {person.town}. " + " ".join(lines)


KINDS = ((working_day, 4), (journey, 4), (process_story, 3), (lost_thing, 3), (animal_tale, 2), (town_page, 2), (person_page, 2))


def story(rng: random.Random) -> str:
    kinds, weights = zip(*KINDS)
    return rng.choices(kinds, weights)[0](rng)
