import { expect, test } from "vitest";
import { loadHtml } from "#sources/html.ts";
import { pagingOf } from "#sources/phpbb/paging.ts";

const address = "https://forum.example.org/viewtopic.php?p=77";
const paging = (bar: string, url = address) =>
  pagingOf(loadHtml(`<div class="pagination">${bar}</div>`), url);

test("phpBB 3.0 prints the current page in bold, first among the words and again among the numbers", () => {
  const bar =
    '70 сообщений &bull; <a href="#">Страница <strong>3</strong> из <strong>5</strong></a> &bull; <span>' +
    '<a href="./viewtopic.php?t=4">1</a>, <a href="./viewtopic.php?t=4&amp;start=15">2</a>, <strong>3</strong>, ' +
    '<a href="./viewtopic.php?t=4&amp;start=45">4</a>, <a href="./viewtopic.php?t=4&amp;start=60">5</a></span>';
  expect(paging(bar)).toEqual({ start: 30, previous: 15, next: 45 });
});

test("phpBB 3.1 and later mark it in a list", () => {
  const bar =
    '<ul><li class="previous"><a href="./viewtopic.php?t=4" rel="prev">Пред.</a></li><li><a href="./viewtopic.php?t=4">1</a></li>' +
    '<li class="active"><span>2</span></li><li><a href="./viewtopic.php?t=4&amp;start=20">3</a></li></ul>';
  expect(paging(bar)).toEqual({ start: 10, previous: 0, next: 20 });
});

test("a lone page has no neighbours", () => {
  expect(paging("5 messages &bull; Page <strong>1</strong> sur <strong>1</strong>")).toEqual({
    start: 0,
    previous: null,
    next: null,
  });
});

test("the second of two pages knows that there is a first one", () => {
  const bar = '<ul><li><a href="./viewtopic.php?t=4">1</a></li><li class="active"><span>2</span></li></ul>';
  expect(paging(bar)).toMatchObject({ previous: 0, next: null });
  expect(paging(bar, "https://forum.example.org/viewtopic.php?t=4&start=15").start).toBe(15);
});

test("rewritten addresses are understood", () => {
  const bar =
    'Page <strong>2</strong> sur <strong>3</strong> <a href="/forum/zelda-t190.html">1</a> <strong>2</strong> <a href="/forum/zelda-t190-30.html">3</a>';
  expect(paging(bar)).toEqual({ start: 15, previous: 0, next: 30 });
});

test("the little bars beside the threads of a list are not the list's own", () => {
  const $ = loadHtml(
    '<ul><li class="row"><div class="pagination"><a href="./viewtopic.php?t=4&amp;start=15">2</a></div></li></ul>',
  );
  expect(pagingOf($, "https://forum.example.org/viewforum.php?f=1")).toEqual({
    start: 0,
    previous: null,
    next: null,
  });
});
