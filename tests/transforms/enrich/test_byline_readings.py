"""Readings that were once wrong: whole bylines to people and organisations."""

import pytest

from transforms.enrich.byline import parse_byline


@pytest.mark.parametrize(
    ("raw", "people", "organisations"),
    [
        # who took the picture wrote nothing, and who holds it is the organisation
        ("(AP Photo/Owen Tregarth)", [], ["AP"]),
        ("Reuters File Photo / Owen Tregarth", [], ["Reuters"]),
        ("By Ann Lee (AP Photo/Owen Tregarth)", ["Ann Lee"], ["AP"]),
        ("PTI Photo", [], ["PTI Photo"]),
        # agencies that are called as people are: in capitals, or with nothing that a name would have
        ("Lena Berg", ["Lena Berg"], []),
        ("Berg, Lena; Dresner, Ivo", ["Lena Berg", "Ivo Dresner"], []),
        ("By LENA MARQUARDT Herald Staff Writer", ["LENA MARQUARDT"], ["Herald"]),
        ("Thabo Mokoena, LENA", ["Thabo Mokoena"], ["LENA"]),
        # staff beside a house by a stroke
        ("STAFF/ECHO", [], ["ECHO"]),
        ("STAFF / THE GAZETTE", [], ["THE GAZETTE"]),
        ("Staff/AFP", [], ["AFP"]),
        ("By Staff", [], ["Staff"]),
        # beats are no people
        ("Ann Lee, Open Justice reporter", ["Ann Lee"], []),
        ("Open Justice reporter", [], ["Open Justice reporter"]),
        ("Ottoline Thistlewood, Local Democracy Reporter", ["Ottoline Thistlewood"], []),
        ("Local Democracy Reporter", [], ["Local Democracy Reporter"]),
        ("Chidi Okonkwo Reporter", ["Chidi Okonkwo"], []),
        # the house behind a preposition
        ("By Ann Lee, Special to The Denver Post", ["Ann Lee"], ["The Denver Post"]),
        ("By Ann Lee, Special for the Harbour Gazette", ["Ann Lee"], ["the Harbour Gazette"]),
        ("By ANN LEE, SENIOR REPORTER FOR DAILYPOST.COM", ["ANN LEE"], ["DAILYPOST.COM"]),
        # a desk, then where it sits
        ("By: Kestrel Web Desk | Mumbai |", [], ["Kestrel Web Desk"]),
        # no capitals anywhere
        ("lena berg", ["lena berg"], []),
        ("by lena berg and ivo dresner", ["lena berg", "ivo dresner"], []),
        ("by lena berg in rome", ["lena berg"], []),
        ("by staff reports", [], ["staff reports"]),
        ("open house", [], []),
        ("Letter from Corwin Ashby", ["Corwin Ashby"], []),
        ("Letter from Sri Lanka", [], []),
        ("By The Associated Press and Echo staff", [], ["The Associated Press", "Echo staff"]),
        ("Echo staff and agencies", [], ["Echo staff and agencies"]),
        ("Ann Lee, ET Bureau", ["Ann Lee"], ["ET Bureau"]),
        ("(Staff Photo/Owen Tregarth)", [], []),
        ("By Ann Lee Photo/Owen Tregarth", ["Ann Lee"], []),
        ("Ann Lee Environment and Energy Correspondent", ["Ann Lee"], []),
        ("Ann Lee and Tom Moe, Energy Correspondents", ["Ann Lee", "Tom Moe"], []),
        ("Ann Lee, Public Interest Journalism Reporter", ["Ann Lee"], []),
        ("Ann Lee, Tom Moe Staff Writer", ["Ann Lee", "Tom Moe"], []),
        ("Ann Lee, for Kestrel News", ["Ann Lee"], ["Kestrel News"]),
        ("Ann Lee, with agency report", ["Ann Lee"], ["agency report"]),
        ("Reported By: Ann Lee | Edited By: Tom Moe | Source: PTI", ["Ann Lee"], ["PTI"]),
        ("Letter to the Editor: Ann Lee", ["Ann Lee"], []),
        # glued without a space
        ("Ann Thistlewood@annthis", ["Ann Thistlewood"], []),
        ("Ann ThistlewoodTwitter", ["Ann Thistlewood"], []),
        # a phrase that opens with a given name is nobody
        ("grace under fire", [], []),
        ("ann van der berg", ["ann van der berg"], []),
        ("sky news", [], ["sky news"]),
        ("mary o'brien", ["mary o'brien"], []),
        ("Letter from Port Louis", [], []),
        ("By Ann Lee, AP Photo/Tom Moe", ["Ann Lee"], ["AP"]),
        # given by whoever; nobody is named
        ("Contributed", [], []),
    ],
)
def test_people_and_organisations(raw, people, organisations):
    byline = parse_byline(raw, "en")
    assert list(byline.authors) == people
    assert list(byline.agencies) == organisations


def test_who_wrote_and_took_the_pictures_is_an_author():
    assert parse_byline("Story, photos/Ann Lee", "en").authors == ("Ann Lee",)
    assert parse_byline("Photos/Ann Lee", "en").authors == ()
