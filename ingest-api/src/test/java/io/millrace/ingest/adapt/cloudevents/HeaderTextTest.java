package io.millrace.ingest.adapt.cloudevents;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeaderTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            Euro%20%E2%82%AC%20%F0%9F%98%80 | Euro € 😀
            %65%6c                          | el
            a%2520b                         | a%20b
            "a \\"b\\" %41"                 | a "b" A
            "                               | "
            100%                            | 100%
            50%off                          | 50%off
            a%4                             | a%4
            plain                           | plain
            """)
    void decodes(String header, String text) {
        assertThat(HeaderText.decode(header.replace("\\\\", "\\"))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"%C0%A0", "%ff", "a%E2%82", "%ED%A0%80"})
    void refusesWhatIsNoUtf8(String header) {
        assertThat(HeaderText.decode(header)).isNull();
    }

    /** Of senders that encode nothing: bytes of UTF-8 or of ISO-8859-1, which HTTP shows as one character each. */
    @ParameterizedTest
    @CsvSource({"Ã¼,ü", "ü,ü", "J%C3%BC,Jü"})
    void takesPlainBytes(String header, String text) {
        assertThat(HeaderText.decode(header)).isEqualTo(text);
    }
}
