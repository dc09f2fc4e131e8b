<?php
/* Listings and events in the states and textures that editors make; prints the number of each by name. */
$type = wp_insert_term( 'Full Time', 'job_listing_type' )['term_id'];
update_term_meta( $type, 'employment_type', 'FULL_TIME' );
$category = wp_insert_term( 'Agri-food & Water', 'job_listing_category' )['term_id'];

function add( $kind, $title, $post, $meta ) {
	$text = "<p>You will join our team in the North as a $title.</p>\n<ul><li>32-40 hours a week</li><li>Dutch isn't required</li></ul>";
	$id = wp_insert_post( wp_slash( $post + [ 'post_type' => $kind, 'post_status' => 'publish', 'post_title' => $title, 'post_content' => $text ] ) );
	array_map( fn( $key, $value ) => update_post_meta( $id, $key, wp_slash( $value ) ), array_keys( $meta ), $meta );
	return $id;
}
function job( $title, $post = [], $meta = [] ) {
	global $type, $category;
	$soon = wp_date( 'Y-m-d', time() + 30 * DAY_IN_SECONDS );
	$id = add( 'job_listing', $title, $post, $meta + [ '_job_location' => 'Groningen', '_application' => 'https://apply.example/' . md5( $title ), '_company_name' => 'Noorderzon Data & Materials B.V.', '_company_website' => 'noorderzon.example', '_job_expires' => $soon, '_job_salary' => '€3.100–€4.300' ] );
	wp_set_object_terms( $id, [ $type ], 'job_listing_type' );
	wp_set_object_terms( $id, [ $category ], 'job_listing_category' );
	return $id;
}
function meeting( $title, $days, $hours = 2, $meta = [], $post = [] ) {
	$start = strtotime( 'today 18:00 UTC' ) + $days * DAY_IN_SECONDS;
	$at = fn( $time, $zone ) => wp_date( 'Y-m-d H:i:s', $time, new DateTimeZone( $zone ) );
	$end = $start + $hours * HOUR_IN_SECONDS;
	return add( 'tribe_events', $title, $post, $meta + [ '_EventStartDate' => $at( $start, 'Europe/Amsterdam' ), '_EventEndDate' => $at( $end, 'Europe/Amsterdam' ), '_EventStartDateUTC' => $at( $start, 'UTC' ), '_EventEndDateUTC' => $at( $end, 'UTC' ), '_EventTimezone' => 'Europe/Amsterdam' ] );
}

foreach ( [ 'Data Engineer', 'Process Operator', 'Wind Turbine Technician', 'Lab Analyst', 'Policy Adviser' ] as $title ) {
	for ( $i = 1; $i <= 22; $i++ ) {
		job( "$title $i", [], [ '_job_location' => [ 'Assen', 'Emmen', 'Groningen / remote' ][ $i % 3 ] ] );
	}
}
$columns = '<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column --><div class="wp-block-column"><p>Work with us.</p></div><!-- /wp:column --></div><!-- /wp:columns -->';
$made = [
	'draft' => job( 'A draft', [ 'post_status' => 'draft' ] ), 'private' => job( 'A private one', [ 'post_status' => 'private' ] ),
	'scheduled' => job( 'A scheduled one', [ 'post_status' => 'future', 'post_date' => '2099-01-01 09:00:00' ] ),
	'password' => job( 'Behind a password', [ 'post_password' => 'sesame' ] ), 'expired' => job( 'Expired', [ 'post_status' => 'expired' ] ),
	'overdue' => job( 'Overdue, timer not run', [], [ '_job_expires' => '2020-01-01' ] ), 'filled' => job( 'Filled', [], [ '_filled' => 1 ] ),
	'entities' => job( 'R&D “Health & Tech” <junior> 🌱' ), 'untitled' => job( '' ), 'twin' => job( 'Twin' ), 'twin_2' => job( 'Twin' ),
	'blocks' => job( 'In blocks', [ 'post_content' => $columns . $columns ] ), 'blocks_2' => job( 'In blocks too', [ 'post_content' => $columns ] ),
	'builder' => job( 'Of a page builder', [ 'post_content' => '[vc_row][vc_column width="1/2"]Lead the lab.[/vc_column][/vc_row]' ] ),
	'script' => job( 'With a script', [ 'post_content' => '<p>Text</p><script>alert(1)</script><iframe src="https://maps.example/"></iframe>' ] ),
	'meeting' => meeting( 'Career café', 10, 2, [ '_EventCost' => '5 – 10' ] ), 'running' => meeting( 'Winter school', -1, 72 ),
	'cancelled' => meeting( 'Meet-up', 12, 2, [ '_tribe_events_status' => 'canceled' ] ), 'far' => meeting( 'Far off', 1500 ),
	'members' => meeting( 'For members', 14, 2, [], [ 'post_password' => 'sesame' ] ), 'past' => meeting( 'Long ago', -2000 ),
	'event_draft' => meeting( 'Draft', 15, 2, [], [ 'post_status' => 'draft' ] ),
];
echo wp_json_encode( $made, JSON_PRETTY_PRINT ), "\n";
