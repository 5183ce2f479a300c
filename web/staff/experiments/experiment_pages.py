"""Experiments in the staff area: listed, written, started, watched, stopped and decided."""

from typing import Any
from uuid import UUID

from litestar import Controller, Request, Response, get, post
from litestar.params import FromPath

from components.experiments import experiment_decisions, experiment_results, experiment_states, experiments
from components.experiments.experiment_checks import KINDS
from components.experiments.experiment_states import STATES
from components.experiments.offers import offer_decisions
from components.experiments.price_promises import PricePromised
from components.foundation import clock
from components.foundation.refusals import Refusal
from web.current_person import person_id_of
from web.guards import staff
from web.replies import see_other, with_notice, with_refusal
from web.staff import csv_files
from web.staff.experiments import experiment_files, experiment_forms, experiment_views
from web.staff.experiments.experiment_forms import ExperimentForm
from web.staff.experiments.experiment_views import (
    LIST,
    LOOKS,
    ExperimentsPage,
    StartForm,
    concerned,
    decision,
    editor,
    shown,
)
from web.views import page


class StaffExperimentsController(Controller):
    path = LIST
    guards = [staff("plans")]

    @get()
    async def index(self, request: Request[Any, Any, Any]) -> Response[Any]:
        listed = await experiments.everyone()
        of = {one.id: concerned(one) for one in listed}
        return page(request, ExperimentsPage(listed=listed, of=of, kinds=KINDS, states=STATES, looks=LOOKS))

    @get("/new")
    async def new(self, request: Request[Any, Any, Any]) -> Response[Any]:
        return await editor(request, await experiment_forms.blank(request.query_params.get("kind", "words")), None)

    @post()
    async def create(self, request: Request[Any, Any, Any]) -> Response[Any]:
        form = await ExperimentForm.read(request, choices=await experiment_forms.choices())
        await form.look_over()
        if not form.is_valid:
            return await editor(request, form, None, status=422)
        made = await experiments.create(form.draft, by=person_id_of(request))
        return with_notice(see_other(f"{LIST}/{made}"), "Saved as a draft. Nobody sees it until you start it.")

    @get("/{experiment_id:uuid}")
    async def show(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        return await shown(request, await experiments.by_id(experiment_id))

    @get("/{experiment_id:uuid}/edit")
    async def edit(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        found = await experiments.by_id(experiment_id)
        experiment_states.refuse_unless(found.row, "edit")
        return await editor(request, await experiment_forms.filled(found), experiment_id)

    @post("/{experiment_id:uuid}")
    async def update(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        found = await experiments.by_id(experiment_id)
        form = await ExperimentForm.read(request, choices=await experiment_forms.choices(found))
        await form.look_over()
        if not form.is_valid:
            return await editor(request, form, experiment_id, status=422)
        try:
            await experiments.edit(experiment_id, form.draft, version=form.version, by=person_id_of(request))
        except (experiments.ExperimentChanged, experiment_states.NotInThisExperimentState) as refusal:
            form.refuse(None, str(refusal))
            return await editor(request, form, experiment_id, status=refusal.status)
        return with_notice(see_other(f"{LIST}/{experiment_id}"), "Saved.")

    @post("/{experiment_id:uuid}/start")
    async def start(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        form, found = await StartForm.read(request), await experiments.by_id(experiment_id)
        if not form.sure and await experiment_views.is_hopeless(found):
            form.refuse("sure", "It would take too long here to tell you anything. Start it all the same?")
            return await shown(request, found, start=form, status=422)
        try:
            await experiments.start(experiment_id, version=form.version or 0, by=person_id_of(request))
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            form.refuse(None, str(refusal))
            return await shown(request, await experiments.by_id(experiment_id), start=form, status=refusal.status)
        return with_notice(
            see_other(f"{LIST}/{experiment_id}"),
            "The experiment is running. Customers who are signed in when they are asked can be part of it from now on.",
        )

    @get("/{experiment_id:uuid}/arms/{position:int}")
    async def preview(
        self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID], position: FromPath[int]
    ) -> Response[Any]:
        """What using this arm from now on would mean."""
        found = await experiments.by_id(experiment_id)
        try:
            wanted = await experiment_decisions.preview(found, position)
        except (experiment_decisions.PlanChangedSince, offer_decisions.OffersChangedSince, PricePromised) as refusal:
            return with_refusal(see_other(f"{LIST}/{experiment_id}"), str(refusal))
        return await decision(request, found, position, wanted)

    @post("/{experiment_id:uuid}/arms/{position:int}")
    async def decide(
        self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID], position: FromPath[int]
    ) -> Response[Any]:
        there = f"{LIST}/{experiment_id}"
        try:
            await experiment_decisions.decide(experiment_id, position, by=person_id_of(request))
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(see_other(there), str(refusal))
        return with_notice(see_other(there), "Decided. From the next page on everybody sees the same.")

    @get("/{experiment_id:uuid}/export")
    async def export(self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID]) -> Response[Any]:
        found = await experiments.by_id(experiment_id)
        experiment_states.refuse_unless(found.row, "results")
        seen = await experiment_results.results(found.row, found.arms, clock.now())
        return await csv_files.streamed(
            request,
            f"experiment-{experiment_id}",
            experiment_files.HEADS,
            experiment_files.lines(seen, found),
            experiment=str(experiment_id),
        )

    @post("/{experiment_id:uuid}/{act:str}")
    async def act(
        self, request: Request[Any, Any, Any], experiment_id: FromPath[UUID], act: FromPath[str]
    ) -> Response[Any]:
        """Whatever takes nothing but a button."""
        there, by = f"{LIST}/{experiment_id}", person_id_of(request)
        try:
            if act == "stop":
                await experiments.stop(experiment_id, by=by)
                return with_notice(see_other(there), "Stopped. Nobody else is put in an arm.")
            if act == "copy":
                return with_notice(see_other(f"{LIST}/{await experiments.copy(experiment_id, by=by)}/edit"), "A copy.")
            if act == "deletion":
                await experiments.delete(experiment_id, by=by)
                return with_notice(see_other(LIST), "Draft deleted.")
            if act == "noted":
                await experiments.mark_seen(experiment_id)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            return with_refusal(see_other(there), str(refusal))
        return see_other(there)
