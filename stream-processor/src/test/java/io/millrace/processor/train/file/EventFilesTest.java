package io.millrace.processor.train.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.millrace.event.Event;
import io.millrace.identity.Source;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventFilesTest {
    private static final Source SHOP = new Source("shop");

    private final Path folder;

    EventFilesTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void rees46_becomesShopEvents() throws IOException {
        List<FileLine> lines = read(FileFormat.REES46, """
                event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session
                2019-10-01 00:00:02 UTC,view,1004258,2053013555631882655,electronics.smartphone,apple,732.07,532647354,d2d3d2c6
                2019-10-01 00:00:03 UTC,cart,1004258,,,,732.07,532647354,d2d3d2c6
                2019-10-01 00:00:04 UTC,purchase,1004258,,,,732.07,532647354,d2d3d2c6
                """);

        Event viewed = ((FileEvent) lines.get(0)).event(SHOP);
        assertThat(viewed.name()).isEqualTo("product_viewed");
        assertThat(viewed.userId()).isEqualTo("532647354");
        assertThat(viewed.times().event()).isEqualTo(Instant.parse("2019-10-01T00:00:02Z"));
        assertThat(viewed.properties())
                .hasToString("{\"product_id\":\"1004258\",\"category_id\":\"2053013555631882655\","
                        + "\"category\":\"electronics.smartphone\",\"brand\":\"apple\",\"price\":732.07,"
                        + "\"session_id\":\"d2d3d2c6\"}");
        assertThat(lines)
                .extracting(line -> ((FileEvent) line).event(SHOP).name())
                .containsExactly("product_viewed", "product_added", "order_completed");
    }

    @Test
    void sameFileTwice_givesTheSameIds() throws IOException {
        String text = """
                timestamp,visitorid,event,itemid,transactionid,datetime
                1433193132535,1134473,view,396045,,2015-06-01 21:12:12.535
                1433193132535,1134473,view,396045,,2015-06-01 21:12:12.535
                """;

        List<FileLine> first = read(FileFormat.RETAILROCKET, text);

        assertThat(read(FileFormat.RETAILROCKET, text)).isEqualTo(first);
        assertThat(first).doesNotHaveDuplicates();
        assertThat(((FileEvent) first.get(0)).event(SHOP).anonymousId()).isEqualTo("1134473");
    }

    @Test
    void taobao_hasNoHeader() throws IOException {
        List<FileLine> lines = read(FileFormat.TAOBAO, "543462,1715,1464116,pv,1511658000\n");

        Event event = ((FileEvent) lines.get(0)).event(SHOP);
        assertThat(event.times().event()).isEqualTo(Instant.ofEpochSecond(1511658000));
        assertThat(event.properties()).hasToString("{\"product_id\":\"1715\",\"category_id\":\"1464116\"}");
    }

    @Test
    void invoiceLine_keepsQuotedTextTogetherAndKnowsReturns() throws IOException {
        List<FileLine> lines = read(FileFormat.UCI_ONLINE_RETAIL, """
                InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
                536365,85123A,"HOLDER, ""WHITE\""",6,2010-12-01 08:26:00,2.5,17850.0,United Kingdom
                C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,,United Kingdom
                """);

        Event ordered = ((FileEvent) lines.get(0)).event(SHOP);
        assertThat(ordered.userId()).isEqualTo("17850");
        assertThat(ordered.properties().toString()).contains("\"total\":15.0");
        Event returned = ((FileEvent) lines.get(1)).event(SHOP);
        assertThat(returned.name()).isEqualTo("product_returned");
        assertThat(returned.anonymousId()).isEqualTo("invoice-C536379");
    }

    @Test
    void ndjson_isPostedAsItIsWithItsOwnId() throws IOException {
        List<FileLine> lines = read(FileFormat.NDJSON, """
                {"id":"e1","userId":"u1","name":"n","timestamp":"2020-01-01T01:00:00.5+01:00","extra":1}

                {"userId":"u1","kind":"identify","traits":{"plan":"pro"},"timestamp":"2020-01-01T00:00:00Z"}
                """);

        FileEvent first = (FileEvent) lines.get(0);
        assertThat(first.body().toString()).contains("\"extra\":1");
        assertThat(first.event(SHOP).id().value()).isEqualTo("e1");
        assertThat(first.event(SHOP).times().event()).isEqualTo(Instant.parse("2020-01-01T00:00:00.500Z"));
        FileEvent second = (FileEvent) lines.get(1);
        assertThat(second.line()).isEqualTo(3);
        assertThat(second.event(SHOP).id().value()).startsWith("ndjson-3-");
        assertThat(second.event(SHOP).traits()).hasToString("{\"plan\":\"pro\"}");
    }

    @Test
    void lineThatIsNoEvent_isSaidNotSkipped() throws IOException {
        List<FileLine> lines = read(FileFormat.REES46, """
                event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session
                2019-10-01 00:00:02 UTC,wave,1,,,,1,1,s
                2019-10-01 00:00
                """);

        assertThat(lines)
                .containsExactly(
                        new UnreadableLine(2, "event \"wave\" is not known"),
                        new UnreadableLine(3, "1 columns, expected 9"));
        assertThat(read(FileFormat.NDJSON, "[1]\n")).containsExactly(new UnreadableLine(1, "no JSON object"));
    }

    @Test
    void fileOfAnotherFormat_isRefusedAtOnce() {
        assertThatThrownBy(() -> read(FileFormat.REES46, "a,b\n1,2\n"))
                .hasMessageContaining("is no rees46 file: its header has [a, b]");
    }

    @Test
    void gzip_isUnpacked() throws IOException {
        Path file = folder.resolve("events");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("543462,1715,1464116,buy,1511658000\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        try (Stream<FileLine> lines = EventFiles.open(file, FileFormat.TAOBAO)) {
            assertThat(lines).hasSize(1);
        }
    }

    @Test
    void zstd_isUnpacked() throws IOException {
        Path file = folder.resolve("events");
        try (OutputStream out = new ZstdOutputStream(Files.newOutputStream(file))) {
            out.write("543462,1715,1464116,buy,1511658000\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }

        try (Stream<FileLine> lines = EventFiles.open(file, FileFormat.TAOBAO)) {
            assertThat(lines).hasSize(1);
        }
    }

    @Test
    void linesOfAnInvoice_becomeOneOrder() throws IOException {
        List<FileLine> lines = read(FileFormat.UCI_ONLINE_RETAIL_ORDERS, """
                InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
                536365,85123A,A,6,2010-12-01 08:26:00,2.5,17850.0,United Kingdom
                536365,85123A,A,1,2010-12-01 08:27:00,2.5,17850.0,United Kingdom
                536366,71053,B,2,2010-12-01 08:28:00,1,17850.0,France

                C536379,D,Discount,-1,2010-12-01 09:41:00,27.5,14527.0,United Kingdom
                broken
                536380,71053,B,2,2010-12-01 10:00:00,1,,France
                """);

        assertThat(lines).extracting(FileLine::line).containsExactly(3L, 5L, 6L, 7L, 8L);
        Event first = ((FileEvent) lines.get(0)).event(SHOP);
        assertThat(first.name()).isEqualTo("order_placed");
        assertThat(first.times().event()).isEqualTo(Instant.parse("2010-12-01T08:26:00Z"));
        assertThat(first.properties())
                .hasToString("{\"order_id\":\"536365\",\"lines\":2,\"products\":1,\"items\":7.0,\"total\":17.5,"
                        + "\"country\":\"United Kingdom\"}");
        assertThat(((FileEvent) lines.get(2)).event(SHOP).name()).isEqualTo("order_cancelled");
        assertThat(lines.get(3)).isInstanceOf(UnreadableLine.class);
        assertThat(((FileEvent) lines.get(4)).event(SHOP).name()).isEqualTo("guest_order_placed");
    }

    @Test
    void edit_leavesItsCommentBehind() throws IOException {
        List<FileLine> lines = read(FileFormat.WIKIPEDIA_EDITS, """
                {"time":"2015-09-12T00:47:00.496Z","channel":"#ca.wikipedia","cityName":null,"comment":"Robot","isAnonymous":false,\
                "isMinor":true,"isNew":false,"isRobot":true,"isUnpatrolled":false,"namespace":"Main","page":"P","user":"Bot",\
                "delta":17,"added":17,"deleted":0}
                {"time":"2015-09-12T00:47:01Z","isAnonymous":true,"isMinor":false,"isNew":false,"isRobot":false,\
                "isUnpatrolled":false,"user":"10.0.0.1"}
                {"time":"2015-09-12T00:47:01Z","isAnonymous":true}
                """);

        Event edit = ((FileEvent) lines.get(0)).event(SHOP);
        assertThat(edit.name()).isEqualTo("page_edited");
        assertThat(edit.userId()).isEqualTo("Bot");
        assertThat(edit.properties().toString())
                .contains("\"isRobot\":true", "\"delta\":17")
                .doesNotContain("comment", "user");
        assertThat(((FileEvent) lines.get(1)).event(SHOP).anonymousId()).isEqualTo("10.0.0.1");
        assertThat(lines.get(2)).isEqualTo(new UnreadableLine(3, "no user"));
    }

    @Test
    void click_doesNotKnowHowLongItsSessionWillBe() throws IOException {
        List<FileLine> lines = read(FileFormat.GLOBO_CLICKS, """
                user_id,session_id,session_start,session_size,click_article_id,click_timestamp,click_environment
                0,1506825423271737,1506825423000,2,157541,1506826828020,4
                """);

        Event click = ((FileEvent) lines.get(0)).event(SHOP);
        assertThat(click.times().event()).isEqualTo(Instant.ofEpochMilli(1506826828020L));
        assertThat(click.properties())
                .hasToString("{\"article_id\":\"157541\",\"session_id\":\"1506825423271737\",\"environment\":\"4\"}");
    }

    @Test
    void table_givesEachRowAUserOfItsOwn() throws IOException {
        List<FileLine> lines = read(FileFormat.TABLE, """
                BounceRates,Month,Revenue
                0.2,Feb,FALSE
                1e-3,May,TRUE
                """);

        assertThat(lines)
                .extracting(line -> ((FileEvent) line).event(SHOP).anonymousId())
                .containsExactly("row-2", "row-3");
        assertThat(((FileEvent) lines.get(1)).event(SHOP).properties())
                .hasToString("{\"BounceRates\":0.001,\"Month\":\"May\",\"Revenue\":\"TRUE\"}");
    }

    private List<FileLine> read(FileFormat format, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("events"), text);
        try (Stream<FileLine> lines = EventFiles.open(file, format)) {
            return lines.toList();
        }
    }
}
