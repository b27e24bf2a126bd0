"""Who stands where on an issue, what each could bring to bear, and how much of it each would spend there."""

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from zopa.case.fields import NOT_STATED, Entry, Id, Points, Share
from zopa.case.table import NO_POINTS


class Stake(Entry):
    """One actor on one issue: where it stands, what it could bring to bear, how much it cares."""

    option: Id | None = None
    """The option of the issue it stands for; options count as evenly spaced along the issue's scale."""
    position: Share = NOT_STATED
    """Instead of an option: a place on the scale, 0 (first option) to 1 (last)."""
    capability: Points = NO_POINTS
    """What it could bring to bear on this issue, in relative points."""
    salience: Share = NOT_STATED
    """How much of it the actor would spend on this issue: 0 = does not care, 1 = nothing matters more."""

    @model_validator(mode="after")
    def _one_place(self) -> "Stake":
        if self.option is not None and self.position.estimate.known:
            raise PydanticCustomError("stake-place", "stake-place")
        return self


class Arena(Entry):
    """The actors who bear on the outcome of one issue, at the table or not."""

    actors: dict[Id, Stake] = Field(min_length=2)
