package io.millrace.ingest.receive.mqtt;

import io.millrace.ingest.accept.Acceptor;
import io.millrace.ingest.adapt.Intake;
import io.millrace.ingest.adapt.mqtt.MqttAdapter;
import io.millrace.ingest.admit.Admission;
import io.millrace.ingest.authorize.Authenticator;
import io.millrace.ingest.authorize.Operation;
import io.millrace.ingest.observe.Observer;
import java.time.Clock;

/**
 * What stands behind the devices of one door.
 *
 * @param waiting for the messages of all devices that wait for Kafka
 * @param operation whose permission a device needs: that of posting events
 */
record Desk(
        MqttConfig config,
        MqttAdapter adapter,
        Intake intake,
        Authenticator authenticator,
        Operation operation,
        Admission admission,
        Acceptor acceptor,
        Observer observer,
        Clock clock,
        MqttMeters meters,
        Room waiting,
        Devices devices) {}
