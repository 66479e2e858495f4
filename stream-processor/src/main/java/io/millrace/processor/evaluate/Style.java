package io.millrace.processor.evaluate;

/** The page's style sheet; colours are told apart by those who see red and green alike, too. */
final class Style {
    static final String CSS = """
            :root { color-scheme: light dark; --paper: #fbfaf7; --card: #fff; --ink: #1d2328; --soft: #5d6870;
              --line: #e3e1da; --model: #1b6ca8; --positive: #d9730d; --negative: #8aa0b0; --good: #e7f1f8; --bad: #fbeee0; }
            @media (prefers-color-scheme: dark) { :root { --paper: #14181b; --card: #1c2226; --ink: #e8e6e1; --soft: #9aa5ac;
              --line: #313a40; --model: #66b2e8; --positive: #f0a04b; --negative: #6e8494; --good: #1d3444; --bad: #41301d; } }
            * { box-sizing: border-box; }
            body { margin: 0; background: var(--paper); color: var(--ink);
              font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
            main { max-width: 1120px; margin: 0 auto; padding: 40px 20px 64px; }
            h1 { font-size: clamp(1.7rem, 5vw, 2.5rem); line-height: 1.15; margin: 0; letter-spacing: -0.02em;
              overflow-wrap: anywhere; }
            h2 { font-size: 1.25rem; margin: 44px 0 14px; letter-spacing: -0.01em; }
            h3 { font-size: .95rem; margin: 22px 0 6px; }
            .over { margin: 0 0 4px; color: var(--soft); font-size: .8rem; letter-spacing: .08em; text-transform: uppercase; }
            .lead { font-size: 1.08rem; margin: 10px 0; max-width: 46em; }
            .facts { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 0; color: var(--soft); font-size: .92rem; }
            .facts b { color: var(--ink); }
            .note { color: var(--soft); font-size: .85rem; max-width: 52em; }
            .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(160px, 1fr)); gap: 12px; margin: 28px 0 10px; }
            .tile, figure { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 14px 16px; }
            .tile h3 { margin: 0; font-size: .85rem; color: var(--soft); font-weight: 600; }
            .tile p { margin: 0; }
            .tile .value { font-size: 1.9rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.25;
              letter-spacing: -0.02em; }
            .tile .range { font-size: .85rem; font-variant-numeric: tabular-nums; }
            .tile .prior { font-size: .8rem; color: var(--soft); }
            .tile .meaning { font-size: .76rem; line-height: 1.35; color: var(--soft); margin-top: 6px; }
            .plots { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(320px, 100%), 1fr)); gap: 14px; }
            figure { margin: 0; display: flex; flex-direction: column; }
            figcaption { font-size: .85rem; color: var(--soft); min-height: 3.9em; }
            figcaption b { color: var(--ink); display: block; font-size: .95rem; }
            svg { width: 100%; height: auto; display: block; }
            svg text { fill: var(--soft); font: 11px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
            svg .name { font-size: 11.5px; }
            .grid { stroke: var(--line); stroke-width: 1; }
            .axis { stroke: var(--soft); stroke-width: 1; }
            .chance { fill: none; stroke: var(--soft); stroke-width: 1.2; stroke-dasharray: 4 4; }
            .model { fill: none; stroke: var(--model); stroke-width: 2.2; stroke-linejoin: round; }
            .model.area { fill: var(--model); fill-opacity: .1; stroke: none; }
            .model.whisker { stroke-width: 1.4; stroke-opacity: .6; }
            .model.dot { fill: var(--model); stroke: var(--card); stroke-width: 1.4; }
            .model.wide { stroke-width: 3; stroke-opacity: .45; stroke-linecap: round; }
            .mark { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 3; }
            rect.negative, i.negative { fill: var(--negative); background: var(--negative); }
            rect.positive, i.positive { fill: var(--positive); background: var(--positive); }
            .key { margin: 6px 0 0; font-size: .8rem; color: var(--soft); }
            .key i { display: inline-block; width: .7em; height: .7em; border-radius: 2px; margin: 0 .3em 0 .9em; }
            .beside { display: flex; flex-wrap: wrap; gap: 14px 48px; align-items: flex-start; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
            .scroll table { width: 100%; min-width: 620px; }
            th, td { text-align: left; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
            th { color: var(--soft); font-weight: 600; font-size: .82rem; }
            .n { text-align: right; white-space: nowrap; }
            .scroll td:first-child { min-width: 7em; overflow-wrap: anywhere; }
            .spark { width: 130px; min-width: 100px; vertical-align: middle; padding-right: 0; }
            .confusion td, .confusion th { padding: 10px 16px; text-align: right; border: 0; }
            .confusion .good { background: var(--good); } .confusion .bad { background: var(--bad); }
            .confusion td { border-radius: 6px; font-weight: 600; }
            .confusion { border-collapse: separate; border-spacing: 4px; margin-left: -4px; }
            .inputs { list-style: none; margin: 0; padding: 0; columns: 2 360px; column-gap: 40px; font-size: .88rem; }
            .inputs li { display: grid; grid-template-columns: minmax(0, 14em) 1fr 3.2em; gap: 10px; align-items: center;
              padding: 3px 0; break-inside: avoid; overflow-wrap: anywhere; }
            .track { height: 8px; background: var(--line); border-radius: 4px; overflow: hidden; }
            .track i { display: block; height: 100%; background: var(--model); border-radius: 4px; }
            .suspect { font-weight: 650; } .suspect .track i { background: var(--positive); }
            dl { display: grid; grid-template-columns: minmax(9em, max-content) 1fr; gap: 6px 20px; font-size: .9rem; margin: 0; }
            dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
            @media (max-width: 520px) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 10px; }
              figcaption { min-height: 0; } .tiles { grid-template-columns: 1fr 1fr; } main { padding-top: 24px; } }
            @media print { body { background: #fff; } figure, .tile, tr { break-inside: avoid; } }
            """;

    private Style() {}
}
