"""The service of one model: `/predict`, `/health` and `/model`, and nothing that a page of another site could use."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Body, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from portfolio.demo.answering import UnansweredError, answers, closed_inputs
from portfolio.service.bodies import Health, Prediction, Refused, body_of, field_name, row_model
from portfolio.service.refusing import Bounded, name_columns

LOOPBACK = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A model that passed its replay."""

    name: str
    model: Any
    description: Mapping[str, Any]
    largest_difference: float


def make_app(served: Served, host: str) -> FastAPI:
    """Return the service; on loopback it answers only who calls it by that name, so no other site's page can.

    Args:
        served: the model.
        host: the address it will listen on.
    """
    app = FastAPI(title=served.name, version=served.description["sha256"][:12], docs_url=None, redoc_url=None)
    inputs = served.description["inputs"]
    row = row_model(inputs, closed_inputs(served.model, served.description))
    _add_predict(app, served, row)

    @app.get("/health")
    def health() -> Health:
        """Say that the model is there, and how far it was from its recorded answers at the start."""
        rows = len(served.description["rows"])
        return Health(status="ok", rows_replayed=rows, largest_difference=served.largest_difference)

    @app.get("/model")
    def model() -> dict[str, Any]:
        """Describe the model: inputs with ranges and categories, classes, versions, example rows with answers."""
        return dict(served.description)

    app.add_exception_handler(RequestValidationError, name_columns([column["name"] for column in inputs]))
    app.add_exception_handler(UnansweredError, _unanswered)
    app.add_middleware(Bounded)
    if host in LOOPBACK:
        app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(LOOPBACK))
    return app


def _add_predict(app: FastAPI, served: Served, row: Any) -> None:
    body: Any = body_of(row)
    places = [field_name(place) for place in range(len(served.description["inputs"]))]
    refusals: dict[int | str, dict[str, Any]] = {
        code: {"model": Refused, "description": words}
        for code, words in ((400, "Not JSON"), (413, "Too long"), (422, "Columns are missing or wrong"))
    }

    @app.post("/predict", responses=refusals)
    def predict(given: Annotated[body, Body()]) -> Prediction | list[Prediction]:
        """Answer one row, or each row of a list. What lies outside of the training range is answered and said."""
        rows: list[Any] = given if isinstance(given, list) else [given]
        said = answers(served.model, served.description, [[getattr(each, name) for name in places] for each in rows])
        found = [
            Prediction(
                prediction=answer.prediction,
                probabilities=dict(answer.probabilities) if answer.probabilities else None,
                warnings=list(answer.warnings),
            )
            for answer in said
        ]
        return found if isinstance(given, list) else found[0]


async def _unanswered(_request: Request, error: Exception) -> JSONResponse:
    detail = str(error).encode("utf-8", "backslashreplace").decode()
    return JSONResponse(Refused(detail=detail).model_dump(), 422)
