package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PeerTest {
    @Test
    void peer_hasNameAddressAndProcess() {
        Peer peer = Peer.parse("gin-ack=http://127.0.0.1:8081@4711");

        assertThat(peer.name()).isEqualTo("gin-ack");
        assertThat(peer.address().getHostString()).isEqualTo("127.0.0.1");
        assertThat(peer.address().getPort()).isEqualTo(8081);
        assertThat(peer.pid()).isEqualTo(4711);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gin", "gin=http://127.0.0.1:8081", "gin=http://127.0.0.1@1", "=http://127.0.0.1:1@1"})
    void whatIsNoPeer_isRefused(String text) {
        assertThatThrownBy(() -> Peer.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected");
    }
}
