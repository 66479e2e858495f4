package io.millrace.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.codec.PredictionHeaders;
import io.millrace.config.ConfigurationException;
import io.millrace.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProcessorConfigTest {
    private static final String SOURCE = "processor.cloudevents-source";

    @Test
    void predictionsAreCloudEvents_whereTheirSourceIsSet() {
        assertThat(config(Map.of()).predictionHeaders()).isSameAs(PredictionHeaders.NONE);
        assertThat(config(Map.of(SOURCE, "/millrace")).predictionHeaders()).isNotSameAs(PredictionHeaders.NONE);
    }

    @Test
    void refusesASource_thatIsNoUriReference() {
        assertThatThrownBy(() -> config(Map.of(SOURCE, "mill race")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(SOURCE)
                .hasMessageContaining("expected a URI reference");
    }

    private static ProcessorConfig config(Map<String, String> flags) {
        Settings settings = Settings.gather(null, Map.of(), flags, ProcessorKeys.ALL);
        ProcessorConfig config = ProcessorConfig.from(settings);
        settings.check();
        return config;
    }
}
