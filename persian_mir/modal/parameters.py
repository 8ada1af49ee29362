"""The few constants of the modal reading, each with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parameters:
    """Set by theory, or in the middle of a stretch where the accuracy hardly changes; none fitted to a performer."""

    voiced: float = 0.5  # swift-f0's own threshold of confidence
    least_voiced_s: float = 3.0  # with less pitch than that there is nothing to say
    track_spread_cents: float = 20.0  # smoothing of the sound; 15 to 35 differ little
    radif_spread_cents: float = 25.0  # how far a played degree may lie from its quarter tone; 20 to 35
    profile_weight: float = 0.5  # of the folded profile, the rest is the surfaces'; 0.25 to 0.75
    register_share: float = 0.4  # of the profile's part, kept over two octaves: what lies below; 0.3 to 0.6
    shahed_weight: float = 0.09  # of how much the gusheh's shahed is dwelt on, beside a likeness of 1; 0.06 to 0.15
    daramad_share: float = 1 / 3  # of a mode's prior; the opening tells a mode best, most gushehs have a twin elsewhere
    sharpness: float = 50.0  # of the log-mean-exp over a mode's gushehs; 30 to 60
    crowding: float = 1 / 3  # a Dastgah of n modes has prior n**(2/3): neither n chances nor one; 0.25 to 0.5
    course_share: float = 0.5  # of the prior of more than a minute: that it is a course of gushehs; 0.3 to 0.5
    edge_weight: float = 3.0  # of the first and last passage: music opens and closes in its mode; 2 to 4
    wandering: float = 0.3  # how often a single passage, not all together, tells the mode; 0.2 to 0.4
    ends_doubt: float = 0.5  # that a recording does not begin, or end, as its music does; 0.2 to 0.6
    temperature: float = 0.65  # of the probabilities of an endless recording, where confidence resembles accuracy
    brevity_s: float = 8.0  # with this much pitch the temperature is twice that: little was heard, less is sure
    usual_gushehs: float = 8.0  # alike carry the evidence as a rule; in a third of real stretches over 12
    few_gushehs: float = 0.2  # power by which the temperature grows where fewer do, and falls where more; 0.1 to 0.3
    set_doubt: float = 2.0  # times the temperature where the user set the shahed: only one place is left to doubt
    least_degrees: int = 3  # on fewer notes no mode can be told from another
    least_held: float = 0.08  # share of pitch in held notes; speech and drums reach 0.05, music seldom falls under 0.12
    least_likeness: float = 0.8  # speech and drums reach 0.78; performances beside loud drums 0.83, alone 0.88
    foreign_s: float = 30.0  # of pitch, from which a gusheh must be like it
    foreign: float = 0.85  # pelog reaches 0.80, makam Saba 0.84; real performances of a minute at least 0.87
    foreign_broad: float = 0.78  # where notes are so broad as with a vibrato of 50 cents, when they have 0.82
    broad: float = 4.2  # entropy of a folded profile, nats: with such a vibrato at least that, else mostly under it
    least_notes: float = 2.25  # as many sounding alike: chant on one note reaches 2.1, gushehs have at least 2.6
    heptatonic_cents: float = 6.0  # off seven equal steps; Thai melodies made so lie 1.3 off, well tuned Segah 12
    western_s: float = 10.0  # a few notes lie on twelve semitones by chance
    tempered: float = 0.8  # from here on an equal-tempered scale is possible; played Mahour reaches 0.75
    western_lead: float = 0.035  # by which a gusheh of Mahour or Rast-Panjgah must then lead to be sure of it
    neutral_lead: float = 0.05  # and one of a mode whose neutral intervals hardly sounded
    doubted: float = 0.14  # trust in what may be other music: no lead is then one that anybody would be sure by

    def as_dict(self) -> dict[str, object]:
        """For the provenance."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


DEFAULT = Parameters()
