package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class BenchPlotTest {
    private static final Figure STATE = new Figure("score.state", "events/s", List.of(100.0), null);
    private static final Figure FULL = new Figure("score.full", "events/s", List.of(40.0, 50.0, 60.0), STATE);

    @Test
    void eachFigureHasABar_toItsMedian_andATickAtItsCeiling() throws Exception {
        Document drawn = draw(new BenchReport(Map.of("processor", "A<B & C"), List.of(STATE, FULL)));

        Element state = (Element) drawn.getElementsByTagName("rect").item(0);
        Element full = (Element) drawn.getElementsByTagName("rect").item(1);
        double whole = Double.parseDouble(state.getAttribute("width"));
        assertThat(Double.parseDouble(full.getAttribute("width"))).isEqualTo(whole / 2);
        Element range = (Element) drawn.getElementsByTagName("line").item(1);
        double from = Double.parseDouble(full.getAttribute("x"));
        assertThat(Double.parseDouble(range.getAttribute("x1")) - from).isEqualTo(whole * 0.4);
        assertThat(Double.parseDouble(range.getAttribute("x2")) - from).isEqualTo(whole * 0.6);
        Element tick = (Element) drawn.getElementsByTagName("line").item(2);
        assertThat(tick.getAttribute("class")).isEqualTo("ceiling");
        assertThat(Double.parseDouble(tick.getAttribute("x1")) - from).isEqualTo(whole);
        assertThat(drawn.getDocumentElement().getTextContent())
                .contains("A<B & C", "score, events/s", "50.00 (40.00–60.00)");
    }

    private static Document draw(BenchReport report) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(BenchPlot.svg(report))));
    }
}
